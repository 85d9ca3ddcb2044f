"""Many submissions at once: ``autograder grade``.

`task` holds what is the same for all of them, `submitted` one student's work; a worker's `desk` makes a `Marked` of the
two, wherever the worker is (`crew`); the one `book` writes the gradebook, `folders` the files; `run` leads.
"""

from autograder.bridge.batch.run import Options, grade
from autograder.bridge.batch.screen import show_summary

__all__ = ["Options", "grade", "show_summary"]
