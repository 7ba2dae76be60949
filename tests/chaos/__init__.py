"""Fault runs: the whole house under load while its processes die, judged by what the sandbox itself charged and sent."""
