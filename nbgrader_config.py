"""This folder is an nbgrader course: solutions/ is its source, assignments/ its release, course.yml its settings."""

from pathlib import Path

from autograder.nbgrader_plugin.config import configure

c = get_config()  # noqa: F821 (nbgrader puts it here)
configure(c, Path(__file__).resolve().parent)

# Settings of your own go below this line, for example:
# c.ClearSolutions.text_stub = "Write your answer here."
