"""Seats and who holds them: from the hold to the end, however it ends."""
