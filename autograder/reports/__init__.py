"""Read-only answers for instructors, such as why a submission has its score."""
