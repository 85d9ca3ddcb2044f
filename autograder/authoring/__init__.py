"""Build the course: lesson sources -> solutions/ -> assignments/."""
