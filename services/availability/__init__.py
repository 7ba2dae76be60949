"""When something can be booked, of one experience or of a guide."""
