"""What a course consists of: its settings in course.yml, its lessons and exercises, its secret and seeds."""
