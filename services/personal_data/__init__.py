"""What is known of a person is theirs: handed over as a copy, and forgotten when they leave."""
