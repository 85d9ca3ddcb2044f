"""The gradebook follows the due dates, extensions and late policy of course.yml."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.course.settings import load_course
from autograder.nbgrader_plugin.late_penalties import CourseDates, set_late_penalty, write_dates
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands
from tests.helpers.stock_course import ROOT, StockCourse

LOG = logging.getLogger("test")
ANY_DATE = datetime(2030, 1, 1)


def test_dates_of_an_assignment_that_course_yml_does_not_list_stay() -> None:
    for course in (None, load_course(ROOT)):
        dates = CourseDates(course, "own", LOG)
        assert dates.due_date(ANY_DATE) == ANY_DATE
        assert dates.extension("novak", timedelta(1)) == timedelta(1)


def test_the_due_date_of_course_yml_is_stored_in_utc() -> None:
    dates = CourseDates(load_course(ROOT), "3-softmax", LOG)
    assert dates.due_date(None) == datetime(2027, 4, 30, 21, 59)
    assert dates.extension("novak", None) is None


def test_the_penalty_is_computed_from_the_score_and_the_lateness() -> None:
    assignment = SimpleNamespace(duedate=ANY_DATE)
    submission: Any = SimpleNamespace(
        timestamp=ANY_DATE + timedelta(hours=2),
        extension=timedelta(hours=1),
        assignment=assignment,
        student=SimpleNamespace(id="novak"),
    )
    grade = SimpleNamespace(auto_score=4, manual_score=None)
    notebook: Any = SimpleNamespace(score=4, grades=[grade])
    calls: list[tuple[str, float, float]] = []

    def policy(student: str, score: float, seconds: float) -> float:
        calls.append((student, score, seconds))
        return 1

    set_late_penalty(submission, notebook, policy, UTC)
    assert (calls, notebook.late_submission_penalty) == ([("novak", 4, 3600)], 1)
    grade.auto_score = None
    set_late_penalty(submission, notebook, policy, UTC)
    assert notebook.late_submission_penalty is None, "nothing is marked, so nothing can be taken off"
    grade.auto_score, submission.timestamp = 4, None
    set_late_penalty(submission, notebook, policy, UTC)
    assert notebook.late_submission_penalty is None


@pytest.mark.slow
def test_dates_of_course_yml_reach_the_gradebook_before_feedback(course: StockCourse) -> None:
    course.grade("extended", "6-reflection", course.notebook("6-reflection"))
    course.set("extensions: {}", "extensions:\n  6-reflection:\n    extended: 2027-05-30 23:59:00+02:00")
    NbgraderCommands(course.app, "6-reflection").feedback()
    with Gradebook(course.db_url) as gradebook:
        submission = gradebook.find_submission("6-reflection", "extended")
        assert (submission.extension.days, str(submission.assignment.duedate)) == (2, "2027-05-28 21:59:00")


@pytest.mark.slow
def test_dates_that_differ_from_course_yml_are_reported_and_replaced(
    course: StockCourse, caplog: pytest.LogCaptureFixture
) -> None:
    course.grade("moved", "3-softmax", course.notebook("3-softmax"))
    with Gradebook(course.db_url) as gradebook:
        submission = gradebook.find_submission("3-softmax", "moved")
        submission.assignment.duedate, submission.extension = ANY_DATE, timedelta(days=9)
        write_dates(gradebook, CourseDates(load_course(course.root), "3-softmax", logging.getLogger()), "moved")
        assert (str(submission.assignment.duedate), submission.extension) == ("2027-04-30 21:59:00", None)
    log = " ".join(caplog.messages)
    assert "due 2030-01-01 00:00:00, course.yml says 2027-04-30 21:59:00" in log
    assert "extension 9 days, 0:00:00, course.yml says None" in log
    assert "has no timestamp, so it does not count as late" in log
