"""Wanting to be a guide: applied for by anybody, decided by administrators."""
