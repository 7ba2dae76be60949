"""What is done to experiences: by the guides whose they are, and by administrators who answer for them."""
