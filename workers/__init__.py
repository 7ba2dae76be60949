"""Everything slow: tasks that claim a job, call a provider with no session open, and record what came of it."""
