"""nbgrader's own commands, called in this process with the configuration of a course directory."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI

from autograder.course.file_access import restrict_new_files
from autograder.errors import AutograderError


class CommandError(AutograderError):
    """A command of nbgrader failed; the text is the last line that it logged."""


@contextlib.contextmanager
def nbgrader_application(root: Path) -> Iterator[NbGraderApp]:
    """Start nbgrader's application as every command does in ``root``, which is the working directory meanwhile.

    New files are readable as the course's configuration says; the umask is set back at the end.
    """
    previous_directory = Path.cwd()
    os.chdir(root)
    try:
        with restrict_new_files(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader warns about its own database and about odd notebooks
            app = NbGraderApp()
            app.log_level = "CRITICAL"
            app.initialize([])
            yield app
    finally:
        os.chdir(previous_directory)


class NbgraderCommands:
    """The commands that an instructor runs for one assignment."""

    def __init__(self, app: NbGraderApp, assignment: str) -> None:
        self.db_url: str = app.coursedir.db_url
        self._api = NbGraderAPI(app.coursedir, config=app.config)
        self._assignment = assignment

    def generate(self) -> None:
        """Run ``nbgrader generate_assignment --force``."""
        self._require_success(self._api.generate_assignment(self._assignment, force=True))

    def autograde(self, student: str) -> None:
        """Run ``nbgrader autograde --student``."""
        self._require_success(self._api.autograde(self._assignment, student))

    def feedback(self) -> None:
        """Run ``nbgrader generate_feedback``."""
        self._require_success(self._api.generate_feedback(self._assignment))

    def enrol(self, student: str, first_name: str, last_name: str) -> None:
        """Put a student into the gradebook."""
        with Gradebook(self.db_url) as gradebook:
            gradebook.update_or_create_student(student, first_name=first_name, last_name=last_name)

    def scores(self) -> dict[str, tuple[float, float, datetime | None]]:
        """Return score, late penalty and timestamp of each submission in the gradebook, by student."""
        with Gradebook(self.db_url) as gradebook:
            submissions = gradebook.assignment_submissions(self._assignment)
            return {
                submission.student.id: (submission.score, _late_penalty(submission), submission.timestamp)
                for submission in submissions
            }

    @staticmethod
    def _require_success(result: dict[str, Any]) -> None:
        if not result["success"]:
            log = result.get("log") or result.get("error") or "it logged nothing"
            raise CommandError(log.strip().split("\n")[-1])


def _late_penalty(submission: SubmittedAssignment) -> float:
    return sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
