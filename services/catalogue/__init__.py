"""What everybody may see: experiences and guides that are on offer, as plain rows."""
