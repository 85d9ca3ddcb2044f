"""Read-only answers for instructors: why a score is what it is, and what a regrade would change."""
