"""Due dates, extensions and late marks: course.yml is the source, the gradebook follows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging import Logger
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin, LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course.late_policy import late_penalty
from autograder.course.settings import Course
from autograder.nbgrader_plugin.course_lookup import course_of

_OTHERWISE = "%s: the gradebook says %s %s, course.yml says %s. course.yml holds."
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")  # the wide forms count for some spreadsheets


class LatePolicy(LateSubmissionPlugin):
    """``late`` of course.yml as nbgrader's plugin for late penalties."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """The marks that a notebook loses; in a directory without course.yml, none."""
        return _penalty(course_of(self), score, total_seconds_late)


class LatePenalties(AssignLatePenalties):
    """nbgrader's late marks, after the dates of course.yml went into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Leave the notebook as it is."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            write_dates(gradebook, course_of(self), about["assignment"], about["student"], self.log)
            gradebook.db.commit()
        super().preprocess(nb, resources)
        return nb, resources


class GradebookExport(CsvExportPlugin):
    """nbgrader's CSV export, after the late marks were computed again from course.yml and from marks given by hand."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file, with no cell that a spreadsheet would compute."""
        course = course_of(self)
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                write_dates(gradebook, course, assignment.name, submission.student.id, self.log)
                for notebook in submission.notebooks:
                    late = submission.total_seconds_late
                    notebook.late_submission_penalty = _penalty(course, notebook.score, late) if late else None
        gradebook.db.commit()
        super().export(gradebook)
        escape_formulas(Path(self.to or "grades.csv"))


def escape_formulas(path: Path) -> None:
    """Put an apostrophe before what a spreadsheet would take for a formula: ids, names and addresses are free text.

    A semicolon and a tab begin a cell, too, where a spreadsheet separates by them.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = [[_as_text(cell) for cell in row] for row in csv.reader(file)]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _as_text(cell: str) -> str:
    return cell if _NUMBER.fullmatch(cell) else _FORMULA.sub(r"\1'", cell)


@dataclass(frozen=True)
class Dates:
    """What course.yml says about an assignment's dates; nothing where it does not list the assignment.

    A date that formgrader set and course.yml does not confirm is reported and replaced.
    """

    course: Course | None
    assignment: str
    log: Logger

    @property
    def _silent(self) -> bool:
        return self.course is None or self.assignment not in self.course.lessons

    def due(self, found: datetime | None) -> datetime | None:
        """The due date in place of the one that the gradebook has."""
        if self._silent:
            return found
        if found not in (None, self._due):
            self.log.warning(_OTHERWISE, self.assignment, "due", found, self._due)
        return self._due

    def extension(self, student: str, found: timedelta | None) -> timedelta | None:
        """The student's extension in place of the one that the gradebook has."""
        if self._silent:
            return found
        assert self.course is not None
        until = _naive(self.course.extensions.get(self.assignment, {}).get(student))
        extension = until - self._due if until and self._due else None
        if found not in (None, extension):
            self.log.warning(_OTHERWISE, f"{self.assignment}, {student}", "extension", found, extension)
        return extension

    @property
    def _due(self) -> datetime | None:
        assert self.course is not None
        return _naive(self.course.due.get(self.assignment))


def write_dates(gradebook: Gradebook, course: Course | None, assignment: str, student: str, log: Logger) -> None:
    """Put the due date and the student's extension into the gradebook, in its open transaction."""
    dates = Dates(course, assignment, log)
    found, submission = gradebook.find_assignment(assignment), gradebook.find_submission(assignment, student)
    found.duedate = dates.due(found.duedate)
    submission.extension = dates.extension(student, submission.extension)
    if found.duedate and submission.timestamp is None:
        log.warning("%s, %s: the submission has no timestamp, so it does not count as late.", assignment, student)


def _penalty(course: Course | None, score: float, seconds_late: float) -> float:
    return late_penalty(score, seconds_late, course.late) if course else 0.0


def _naive(moment: datetime | None) -> datetime | None:
    """A date-time as the gradebook keeps it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
