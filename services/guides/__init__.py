"""Being a guide: the profile, and the licence that it stands on."""
