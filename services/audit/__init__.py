"""Who did what, so that nobody can change it unseen."""
