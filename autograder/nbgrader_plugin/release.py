"""solutions/ -> assignments/ by nbgrader's own GenerateAssignment, in this process and without a database."""

from __future__ import annotations

import logging
from pathlib import Path

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import Config, PyFileConfigLoader

CONFIG = "nbgrader_config.py"


class ReleaseError(Exception):
    """nbgrader could not make an assignment; the text holds what it said."""


def release_notebook(course: Path, root: Path, assignments: list[str]) -> None:
    """Make ``root/assignments/<a>`` from ``root/solutions/<a>`` under the settings of the course's own config.

    ``nbgrader generate_assignment --force`` in the course directory does the same to the same files, and writes the
    gradebook besides.
    """
    config = _config(course)
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    said = _Said()
    for assignment in assignments:
        folder = CourseDirectory(config=config, log=said.log, assignment_id=assignment)
        try:
            GenerateAssignment(coursedir=folder, config=config, log=said.log).start()
        except NbGraderException:
            raise ReleaseError(f"{assignment}: nbgrader could not make the assignment. {said.worst()}") from None


def _config(course: Path) -> Config:
    if not (course / CONFIG).is_file():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG, path=str(course)).load_config()
    except Exception as error:
        raise ReleaseError(f"{course / CONFIG} raised {type(error).__name__}: {error}. Mend it first.") from error


class _Said(logging.Handler):
    """What nbgrader logged as an error, kept for the sentence of a `ReleaseError`."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []
        self.log = logging.Logger("autograder.release")  # of its own: nothing is printed
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's text."""
        self.errors.append(record.getMessage())

    def worst(self) -> str:
        """The last line of the first traceback: the exception's own words."""
        tracebacks = [text for text in self.errors if text.startswith("Traceback")]
        return (tracebacks or self.errors or [""])[0].strip().split("\n")[-1]
