"""Prove that regular work is created once per period, and finds what was forgotten without disturbing the rest."""
