"""solutions/ -> assignments/ by nbgrader's own GenerateAssignment, in this process and without a database."""

from __future__ import annotations

import logging
from pathlib import Path

from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import Config, PyFileConfigLoader

from autograder.course.file_access import file_access, restrict_new_files

CONFIG_FILE = "nbgrader_config.py"


class ReleaseError(Exception):
    """nbgrader could not generate an assignment; the text includes what it logged."""


def release_notebook(course: Path, root: Path, assignments: list[str]) -> None:
    """Write ``root/assignments/<a>`` from ``root/solutions/<a>`` with the configuration in the directory ``course``.

    ``nbgrader generate_assignment --force`` in the course directory writes the same files, and the gradebook besides.
    Raises `ReleaseError`.
    """
    with restrict_new_files(file_access(course)):
        _generate(_load_config(course), root, assignments)


def _generate(config: Config, root: Path, assignments: list[str]) -> None:
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = "assignments"
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    errors = _ErrorLog()
    for assignment in assignments:
        directory = CourseDirectory(config=config, log=errors.log, assignment_id=assignment)
        try:
            GenerateAssignment(coursedir=directory, config=config, log=errors.log).start()
        except NbGraderException:
            message = f"{assignment}: nbgrader could not generate the assignment. {errors.cause()}"
            raise ReleaseError(message) from None


def _load_config(course: Path) -> Config:
    if not (course / CONFIG_FILE).is_file():
        return Config()
    try:
        return PyFileConfigLoader(CONFIG_FILE, path=str(course)).load_config()
    except Exception as error:
        message = f"{course / CONFIG_FILE} raised {type(error).__name__}: {error}. Fix that file first."
        raise ReleaseError(message) from error


class _ErrorLog(logging.Handler):
    """What nbgrader logged as an error, kept for the text of a `ReleaseError`."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._errors: list[str] = []
        self.log = logging.Logger("autograder.release")  # not a child of the root logger, so nothing is printed
        self.log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._errors.append(record.getMessage())

    def cause(self) -> str:
        """Return the last line of the first traceback, which names the exception."""
        tracebacks = [text for text in self._errors if text.startswith("Traceback")]
        return (tracebacks or self._errors or [""])[0].strip().split("\n")[-1]
