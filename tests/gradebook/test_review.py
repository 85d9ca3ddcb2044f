"""Who waits for a person, read from the gradebook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.review import NEW_WORK, NOT_GRADED, TO_MARK, CellState, SubmissionState
from autograder.gradebook.verdict_table import GradingRecord
from autograder.verdict import Status

NAME = "3-softmax"
MESSAGE = "Because."
GRADED = GradingRecord("novak", NAME, "", Status.GRADED, "", "full", 1, work="w")
DOUBTED = replace(GRADED, status=Status.NEEDS_LOOK, message=MESSAGE)
REJECTED = replace(GRADED, status=Status.UNREADABLE, message=MESSAGE)
POINTS, DOUBTED_POINTS = CellState("check", 4, None, False), CellState("check", 4, None, True)
MARKED, MARKED_BEFORE = CellState("check", 4, 3, False), CellState("check", 4, 3, True)
EMPTY = CellState("check", None, None, True)
ESSAY = CellState("essay", None, None, True)
ACCEPTED = Acceptance("novak", NAME, "w", "", "teacher")


@pytest.mark.parametrize(
    ("cells", "record", "acceptance", "waits_for"),
    [
        ((POINTS,), GRADED, None, ""),
        ((EMPTY,), REJECTED, None, MESSAGE),
        ((EMPTY,), None, None, NOT_GRADED),
        ((DOUBTED_POINTS,), DOUBTED, None, MESSAGE),
        ((POINTS,), replace(DOUBTED, work=""), None, MESSAGE),  # an earlier release did not flag it
        ((MARKED,), replace(DOUBTED, work=""), None, ""),
        ((POINTS,), DOUBTED, ACCEPTED, ""),
        ((DOUBTED_POINTS,), DOUBTED, replace(ACCEPTED, work="other"), MESSAGE),
        ((DOUBTED_POINTS,), DOUBTED, replace(ACCEPTED, is_settled=False), MESSAGE),
        ((EMPTY,), replace(REJECTED, status=Status.NOT_GRADED), ACCEPTED, TO_MARK),
        ((MARKED,), DOUBTED, None, ""),
        ((MARKED,), REJECTED, None, ""),
        ((MARKED_BEFORE,), GRADED, None, NEW_WORK),
        ((MARKED_BEFORE,), REJECTED, None, f"{NEW_WORK} {MESSAGE}"),
        ((POINTS, ESSAY), GRADED, None, TO_MARK),
        ((POINTS, replace(ESSAY, manual_score=2, is_flagged=False)), GRADED, None, ""),
        ((), replace(DOUBTED, status=Status.MISSING), None, MESSAGE),
        ((), replace(DOUBTED, status=Status.MISSING), ACCEPTED, ""),
    ],
)
def test_a_submission_waits_until_it_is_marked_or_accepted(
    cells: tuple[CellState, ...], record: GradingRecord | None, acceptance: Acceptance | None, waits_for: str
) -> None:
    assert SubmissionState("novak", cells, record, acceptance).waits_for == waits_for


@pytest.mark.parametrize(
    ("cells", "record", "acceptance", "is_only_unmarked", "is_closed"),
    [
        ((POINTS, ESSAY), GRADED, None, True, False),
        ((EMPTY,), REJECTED, None, False, False),
        ((EMPTY,), None, None, False, False),
        ((MARKED,), DOUBTED, None, False, True),
        ((POINTS,), DOUBTED, ACCEPTED, False, True),
        ((MARKED_BEFORE,), REJECTED, None, False, False),
        ((POINTS,), GRADED, None, False, False),
    ],
)
def test_answers_to_mark_and_closed_doubts_are_distinguished(
    cells: tuple[CellState, ...],
    record: GradingRecord | None,
    acceptance: Acceptance | None,
    is_only_unmarked: bool,
    is_closed: bool,
) -> None:
    state = SubmissionState("novak", cells, record, acceptance)
    assert (state.is_only_unmarked, state.is_closed) == (is_only_unmarked, is_closed)
