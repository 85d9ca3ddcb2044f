"""Why a regrade gives another result, in words."""

from __future__ import annotations

from dataclasses import replace

from autograder.batch.change_reasons import (
    PointsChange,
    changed_parts,
    criterion_changes,
    describe,
    format_parts,
    penalty_change,
)
from autograder.gradebook.verdict_table import GradingRecord
from autograder.verdict import CriterionResult, Reason, Status

LOST = Reason("", "", "", "")
RECORD = GradingRecord(
    "ann", "3-softmax", "f", Status.GRADED, "", "full", 1, parts=format_parts({"exercise": "1", "due date": "2"})
)


def criterion(name: str, points: float, max_points: float = 1) -> CriterionResult:
    return CriterionResult(name, points, max_points, None if points else LOST)


def test_the_parts_that_changed_are_named() -> None:
    after = replace(RECORD, parts=format_parts({"exercise": "3", "due date": "2"}))
    assert changed_parts(RECORD, after, is_new_work=False) == ("exercise",)
    assert changed_parts(RECORD, after, is_new_work=True) == ("changed submission", "exercise")


def test_a_change_without_a_recorded_reason_is_not_explained_away() -> None:
    assert changed_parts(RECORD, RECORD, is_new_work=False) == ("nothing that is recorded changed",)
    (reason,) = changed_parts(replace(RECORD, parts=""), RECORD, is_new_work=False)
    assert "earlier release" in reason


def test_each_criterion_that_gives_other_points_says_how_it_changed() -> None:
    before = [criterion("same", 1), criterion("gone", 2, 2), criterion("worth", 1), criterion("lost", 1)]
    after = [criterion("same", 1), criterion("worth", 3, 3), criterion("lost", 0), criterion("new", 1)]
    assert {change.what: change.difference for change in criterion_changes(before, after)} == {
        "criterion 'gone' removed": -2,
        "criterion 'worth' is worth 3 points, before 1": 2,
        "criterion 'lost' fails now": -1,
        "criterion 'new' added": 1,
    }


def test_a_new_criterion_that_nobody_earned_changes_no_points() -> None:
    assert list(criterion_changes([], [criterion("new", 0)])) == []


def test_a_higher_late_penalty_takes_points() -> None:
    assert list(penalty_change(0, 0.5)) == [PointsChange("late penalty", -0.5)]
    assert list(penalty_change(0.5, 0.5)) == []
    assert describe([PointsChange("late penalty", -0.5), PointsChange("x", 1)]) == "late penalty: -0.5, x: +1"
