"""Prove that all processes share one gateway token, fetched by one of them at a time and unreadable at rest."""
