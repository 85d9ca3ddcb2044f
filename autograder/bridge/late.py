"""Due dates, extensions and late marks: course.yml is the source, the gradebook follows."""

from __future__ import annotations

from datetime import UTC, datetime
from logging import Logger
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin, LateSubmissionPlugin

from autograder.bridge.context import course_of
from autograder.course import Course
from autograder.late import penalty


class LatePolicy(LateSubmissionPlugin):
    """``late`` of course.yml as nbgrader's plugin for late penalties."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """The marks that a notebook loses; in a directory without course.yml, none."""
        return _penalty(course_of(self), score, total_seconds_late)


class Export(CsvExportPlugin):
    """nbgrader's CSV export, after the late marks were computed again from marks given by hand since."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the CSV file."""
        course = course_of(self)
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    late = submission.total_seconds_late
                    notebook.late_submission_penalty = _penalty(course, notebook.score, late) if late else None
        gradebook.db.commit()
        super().export(gradebook)


def write_dates(gradebook: Gradebook, course: Course | None, assignment: str, student: str, log: Logger) -> None:
    """Put the due date and the student's extension into the gradebook, in its open transaction.

    A date that formgrader set and course.yml does not confirm is reported and replaced. Assignments that course.yml
    does not list are left alone.
    """
    if course is None or assignment not in course.lessons:
        return
    found, due = gradebook.find_assignment(assignment), _naive(course.due.get(assignment))
    if found.duedate is not None and found.duedate != due:
        log.warning(
            "%s: the gradebook says due %s, course.yml says %s. course.yml holds.", assignment, found.duedate, due
        )
    found.duedate = due
    submission = gradebook.find_submission(assignment, student)
    until = _naive(course.extensions.get(assignment, {}).get(student))
    submission.extension = until - due if until and due else None
    if due and submission.timestamp is None:
        log.warning("%s, %s: the submission has no timestamp, so it does not count as late.", assignment, student)


def _penalty(course: Course | None, score: float, seconds_late: float) -> float:
    return penalty(score, seconds_late, course.late) if course else 0.0


def _naive(moment: datetime | None) -> Any:
    """A date-time as the gradebook keeps it: UTC without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
