"""What nbgrader loads: the course's configuration, preprocessors and plugins."""
