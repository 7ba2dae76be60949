"""Prove that a job's effect and its end are one, and that nothing which fails, dies or runs late is lost."""
