"""Measurements, run by hand against a running product; none of them is a timed test."""
