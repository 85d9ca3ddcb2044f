"""Forwards to `autograder.nbgrader_plugin.config`, for the nbgrader_config.py of courses made by earlier versions."""

from autograder.nbgrader_plugin.config import configure

__all__ = ["configure"]
