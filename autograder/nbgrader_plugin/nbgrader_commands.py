"""nbgrader's own commands, called in this process under the configuration of a course directory."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp
from nbgrader.apps.api import NbGraderAPI

from autograder.errors import AutograderError


class CommandError(AutograderError):
    """A command of nbgrader's failed; the text holds the last thing that it logged."""


@contextlib.contextmanager
def nbgrader_application(root: Path) -> Iterator[NbGraderApp]:
    """nbgrader's application as every command starts it in ``root``, which is the working directory meanwhile."""
    before = Path.cwd()
    os.chdir(root)
    try:
        app = NbGraderApp()
        app.log_level = "CRITICAL"
        app.initialize([])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, about its database and about odd notebooks
            yield app
    finally:
        os.chdir(before)


class NbgraderCommands:
    """The commands that an instructor runs for one assignment."""

    def __init__(self, app: NbGraderApp, assignment: str) -> None:
        self.db_url: str = app.coursedir.db_url
        self._api = NbGraderAPI(app.coursedir, config=app.config)
        self._assignment = assignment

    def generate(self) -> None:
        """``nbgrader generate_assignment --force``."""
        self._ran(self._api.generate_assignment(self._assignment, force=True))

    def autograde(self, student: str) -> None:
        """``nbgrader autograde --student``."""
        self._ran(self._api.autograde(self._assignment, student))

    def feedback(self) -> None:
        """``nbgrader generate_feedback``."""
        self._ran(self._api.generate_feedback(self._assignment))

    def enrol(self, student: str, first_name: str, last_name: str) -> None:
        """Put a student into the gradebook."""
        with Gradebook(self.db_url) as gradebook:
            gradebook.update_or_create_student(student, first_name=first_name, last_name=last_name)

    def scores(self) -> dict[str, tuple[float, float, datetime | None]]:
        """Score, late penalty and time of each submission that the gradebook holds, by student."""
        with Gradebook(self.db_url) as gradebook:
            return {
                found.student.id: (
                    found.score,
                    sum(n.late_submission_penalty or 0 for n in found.notebooks),
                    found.timestamp,
                )
                for found in gradebook.assignment_submissions(self._assignment)
            }

    @staticmethod
    def _ran(result: dict[str, Any]) -> None:
        if not result["success"]:
            said = result.get("log") or result.get("error") or "nothing was said"
            raise CommandError(said.strip().split("\n")[-1])
