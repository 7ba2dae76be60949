"""The database itself: what its constraints refuse, and that the verbs of single rows hold under contention."""
