"""What is owed and what was paid: prompts, evidence, and what arriving money does."""
