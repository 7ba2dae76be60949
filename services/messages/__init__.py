"""What people are told: by us, and by each other."""
