"""Prove that every due job reaches its queue once, whatever happens to the broker, the database or a second relay."""
