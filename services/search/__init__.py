"""Finding experiences and guides: by words, by filters, by free days, and while somebody types."""
