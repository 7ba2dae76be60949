"""Prove that one change becomes one piece of news per reader, in their language, on the channels they have."""
