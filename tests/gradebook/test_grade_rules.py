"""The rules that `nbgrader autograde` and `autograder grade` share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from nbgrader.api import Comment, Grade, Gradebook

from autograder.gradebook.grade_rules import (
    effective_comment,
    effective_score,
    has_score,
    late_penalty_of,
    needs_manual_grade,
    seconds_late,
)

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
DUE = datetime(2027, 4, 30, 12)
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory, environment_on_path: None) -> Iterator[Gradebook]:
    """A gradebook with one graded cell and one answer cell of one student."""
    with Gradebook(f"sqlite:///{tmp_path_factory.mktemp('rules') / 'gradebook.db'}") as gradebook:
        gradebook.add_student("novak")
        gradebook.add_assignment("a")
        gradebook.add_notebook("n", "a")
        gradebook.add_grade_cell("test", "n", "a", max_score=3, cell_type="code")
        gradebook.add_solution_cell("answer", "n", "a")
        gradebook.add_submission("a", "novak")
        yield gradebook


@pytest.mark.parametrize(
    ("auto_score", "manual_score", "waits"),
    [(2, None, False), (0, None, False), (None, None, True), (2, 1.5, True), (None, 1.5, True)],
)
def test_a_cell_without_score_or_with_a_manual_one_needs_manual_grading(
    auto_score: float | None, manual_score: float | None, waits: bool
) -> None:
    assert needs_manual_grade(auto_score, manual_score) is waits


@pytest.mark.parametrize("auto_score", [None, 0.0, 2.0])
@pytest.mark.parametrize("manual_score", [None, 0.0, 1.5])
@pytest.mark.parametrize("extra_credit", [None, 0.25])
def test_the_score_of_a_cell_is_the_one_that_nbgrader_computes(
    gradebook: Gradebook, auto_score: float | None, manual_score: float | None, extra_credit: float | None
) -> None:
    grade = gradebook.db.query(Grade).one()
    grade.auto_score, grade.manual_score, grade.extra_credit = auto_score, manual_score, extra_credit
    gradebook.db.commit()
    assert effective_score(auto_score, manual_score, extra_credit) == grade.score


@pytest.mark.parametrize("automatic", [None, "No response."])
@pytest.mark.parametrize("manual", [None, "Good"])
def test_the_comment_on_a_cell_is_the_one_that_nbgrader_shows(
    gradebook: Gradebook, automatic: str | None, manual: str | None
) -> None:
    comment = gradebook.db.query(Comment).one()
    comment.auto_comment, comment.manual_comment = automatic, manual
    gradebook.db.commit()
    assert effective_comment(automatic, manual) == comment.comment


@pytest.mark.parametrize(
    ("submitted", "due", "extension", "seconds"),
    [
        (DUE + HOUR, DUE, None, 3600),
        (DUE + HOUR, DUE, HOUR, 0),
        (DUE + 2 * HOUR, DUE, HOUR, 3600),
        (DUE - HOUR, DUE, None, 0),
        (None, DUE, HOUR, 0),
        (DUE, None, HOUR, 0),
    ],
)
def test_lateness_counts_from_the_due_date_and_the_extension(
    submitted: datetime | None, due: datetime | None, extension: timedelta | None, seconds: float
) -> None:
    assert seconds_late(submitted, due, extension) == seconds


BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86_400
LATE = {
    # Due, submitted (clocks in Berlin), seconds late. The clocks change on 31 October 2027 and on 28 March 2027.
    ("2027-10-30 23:59", "2027-10-31 23:59"): DAY,
    ("2027-10-30 23:59", "2027-10-31 23:30"): DAY,  # after more than 24 hours, on the first day
    ("2027-10-30 23:59", "2027-11-01 00:05"): DAY + 360,
    ("2027-10-30 23:59", "2027-11-06 23:59"): 7 * DAY,
    ("2027-03-27 23:59", "2027-03-28 23:59"): DAY,
    ("2027-03-27 23:59", "2027-03-29 00:05"): DAY + 360,
    ("2027-03-28 01:55", "2027-03-28 03:05"): 600,  # ten minutes, though the clocks differ by seventy
    ("2027-10-31 02:50", "2027-10-31 02:50:00+01:00"): 3600,  # the same clock an hour later
    ("2027-06-01 12:00", "2027-06-02 12:00"): DAY,
    ("2027-06-01 12:00", "2027-06-02 11:59"): DAY - 60,
    ("2027-06-01 12:00", "2027-06-01 12:00"): 0,
}


@pytest.mark.parametrize(("clocks", "seconds"), LATE.items(), ids=lambda value: str(value))
def test_each_calendar_day_in_the_courses_zone_counts_as_24_hours(clocks: tuple[str, str], seconds: float) -> None:
    due, submitted = map(utc_from_berlin, clocks)
    assert seconds_late(submitted, due, None, BERLIN) == seconds
    assert seconds_late(submitted, due - HOUR, HOUR, BERLIN) == seconds


def utc_from_berlin(text: str) -> datetime:
    """Return a time that is written as the clocks in Berlin show it, in UTC and without a time zone."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC).replace(tzinfo=None)


def test_the_last_time_that_python_knows_is_late() -> None:
    assert seconds_late(datetime.max, DUE, None, BERLIN) > 365 * DAY


@pytest.mark.parametrize(("policy_result", "penalty"), [(1.5, 1.5), (-1, 0), (9, 4), (None, None)])
def test_a_penalty_stays_between_zero_and_the_score(policy_result: float | None, penalty: float | None) -> None:
    assert late_penalty_of(lambda *_: policy_result, "novak", 4, 60) == penalty


def test_a_submission_on_time_has_no_penalty_whatever_the_policy_says() -> None:
    assert late_penalty_of(lambda *_: 2, "novak", 4, 0) is None


@pytest.mark.parametrize(("auto", "manual", "expected"), [(None, None, False), (0.0, None, True), (None, 0.0, True)])
def test_a_cell_has_a_score_once_anyone_gave_one(auto: float | None, manual: float | None, expected: bool) -> None:
    assert has_score(auto, manual) is expected
