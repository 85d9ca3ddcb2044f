"""Making the course: exercises -> solutions/ -> assignments/."""
