"""Prove that the worker application knows every kind of job and takes messages the way the jobs table expects."""
