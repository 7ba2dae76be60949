"""Prove that a message reaches its reader once, and at most once more when the provider's answer was lost."""
