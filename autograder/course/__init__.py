"""A course: its settings in course.yml, its lessons and exercises, its secret and seeds."""
