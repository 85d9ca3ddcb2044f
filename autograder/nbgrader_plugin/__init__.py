"""The only rooms that import nbgrader."""
