"""What follows from a status: whether there is a score, and whether somebody has to look."""

from __future__ import annotations

import pytest

from autograder.verdict import CriterionResult, Mark, Outcome, Report, Status, Verdict, first_status


def report(status: Status, *marks: Mark) -> Report:
    outcomes = tuple(Outcome("case", "rows", "core", mark) for mark in marks)
    verdict = Verdict(outcomes, (CriterionResult("rows", 2, 5),))
    return Report("x.ipynb", "softmax", status, "A message.", 5, "process", 0, verdict)


def test_no_status_hides_one_that_an_instructor_has_to_look_at() -> None:
    needs_review = [status.needs_review for status in Status]
    assert needs_review == sorted(needs_review, reverse=True)
    assert first_status([(Status.STUDENT_ERROR, "a"), (Status.NEEDS_LOOK, "b")]) == (Status.NEEDS_LOOK, "b")


@pytest.mark.parametrize("status", [status for status in Status if not status.has_score])
def test_a_status_without_a_score_waits_for_an_instructor(status: Status) -> None:
    assert report(status, Mark.PASS).score is None
    assert status.needs_review


@pytest.mark.parametrize(
    ("marks", "score"), [([Mark.PASS, Mark.NOT_RUN], 2), ([Mark.ERROR], 2), ([Mark.NOT_RUN], None), ([], None)]
)
def test_needs_look_has_a_score_only_if_a_case_ran(marks: list[Mark], score: float | None) -> None:
    assert report(Status.NEEDS_LOOK, *marks).score == score
