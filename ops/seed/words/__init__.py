"""What travellers wrote and guides answered, by hand and in their own languages."""
