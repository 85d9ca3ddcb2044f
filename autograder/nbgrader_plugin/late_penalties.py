"""Due dates, extensions and late penalties: the gradebook follows course.yml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from logging import Logger
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course.late_policy import late_penalty
from autograder.course.settings import Course
from autograder.gradebook.grade_rules import PenaltyPolicy, has_score, late_penalty_of, seconds_late
from autograder.history.entries import Author
from autograder.history.gradebook_state import record_changes
from autograder.nbgrader_plugin.cell_scores import HELD
from autograder.nbgrader_plugin.course_lookup import course_directory, find_course
from autograder.nbgrader_plugin.timestamps import submission_time

_DATE_REPLACED = "%s: the gradebook says %s %s, course.yml says %s. The date in course.yml applies."
_NO_TIMESTAMP = "%s, %s: the submission has no timestamp, so it does not count as late."


class LatePolicy(LateSubmissionPlugin):
    """``late`` of course.yml as nbgrader's plugin for late penalties."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points that a notebook loses; 0 in a directory without course.yml."""
        course = find_course(self)
        return late_penalty(score, total_seconds_late, course.late) if course else 0.0


class ApplyLatePenalties(AssignLatePenalties):
    """Write the dates of course.yml into the gradebook, and then the late penalty of the notebook."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Leave the notebook as it is."""
        if resources.get(HELD):
            return nb, resources  # the penalty belongs to the verdict that was kept
        ids = resources["nbgrader"]
        policy = penalty_policy(self)
        with Gradebook(ids["db_url"]) as gradebook:
            dates = CourseDates(find_course(self), ids["assignment"], self.log)
            write_dates(gradebook, dates, ids["student"])
            submission = gradebook.find_submission(ids["assignment"], ids["student"])
            if submission_time(course_directory(self), ids["student"], ids["assignment"]).problem:
                submission.timestamp = None  # an earlier grading may have believed it
            notebook = gradebook.find_submission_notebook(ids["notebook"], ids["assignment"], ids["student"])
            set_late_penalty(submission, notebook, policy, dates.zone)
            gradebook.db.flush()
            author = Author(f"nbgrader autograde {ids['assignment']}")
            record_changes(gradebook.db.connection(), author, ids["assignment"], [ids["student"]])
            gradebook.db.commit()
            if notebook.late_submission_penalty is not None:
                self.log.warning("%s is late and loses %s points", submission, notebook.late_submission_penalty)
        return nb, resources


@dataclass(frozen=True)
class CourseDates:
    """The due date and extensions that course.yml gives for an assignment.

    If course.yml lists the assignment, a different date in the gradebook is reported and replaced; otherwise the
    gradebook keeps its own.
    """

    course: Course | None
    assignment: str
    log: Logger

    @property
    def zone(self) -> tzinfo:
        """The time zone in which late days are counted."""
        return self.course.timezone if self.course else UTC

    def due_date(self, recorded: datetime | None) -> datetime | None:
        """Return the due date to use, given the one that the gradebook has."""
        if self.course is None or self.assignment not in self.course.lessons:
            return recorded
        due = _naive_utc(self.course.due.get(self.assignment))
        if recorded not in (None, due):
            self.log.warning(_DATE_REPLACED, self.assignment, "due", recorded, due)
        return due

    def extension(self, student: str, recorded: timedelta | None) -> timedelta | None:
        """Return the student's extension to use, given the one that the gradebook has."""
        if self.course is None or self.assignment not in self.course.lessons:
            return recorded
        due = _naive_utc(self.course.due.get(self.assignment))
        until = _naive_utc(self.course.extensions.get(self.assignment, {}).get(student))
        extension = until - due if until and due else None
        if recorded not in (None, extension):
            self.log.warning(_DATE_REPLACED, f"{self.assignment}, {student}", "extension", recorded, extension)
        return extension


def write_dates(gradebook: Gradebook, dates: CourseDates, student: str) -> None:
    """Put the due date and the student's extension into the gradebook, without committing."""
    recorded = gradebook.find_assignment(dates.assignment)
    submission = gradebook.find_submission(dates.assignment, student)
    recorded.duedate = dates.due_date(recorded.duedate)
    submission.extension = dates.extension(student, submission.extension)
    if recorded.duedate and submission.timestamp is None:
        dates.log.warning(_NO_TIMESTAMP, dates.assignment, student)


def set_late_penalty(
    submission: SubmittedAssignment, notebook: SubmittedNotebook, policy: PenaltyPolicy, zone: tzinfo
) -> None:
    """Set the late penalty of a notebook in the gradebook, without committing. Late days are counted in ``zone``."""
    late = seconds_late(submission.timestamp, submission.assignment.duedate, submission.extension, zone)
    is_marked = any(has_score(grade.auto_score, grade.manual_score) for grade in notebook.grades)
    penalty = late_penalty_of(policy, submission.student.id, notebook.score, late) if is_marked else None
    notebook.late_submission_penalty = penalty


def penalty_policy(parent: Any) -> PenaltyPolicy:
    """Return the penalties of ``AssignLatePenalties.plugin_class`` in the configuration of an nbgrader object."""
    preprocessor = AssignLatePenalties(parent=parent)
    preprocessor.init_plugin()
    policy: PenaltyPolicy = preprocessor.plugin_inst.late_submission_penalty
    return policy


def _naive_utc(moment: datetime | None) -> datetime | None:
    """Return a date-time as the gradebook keeps it: in UTC, without a time zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
