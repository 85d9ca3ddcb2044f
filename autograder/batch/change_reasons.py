"""Why a regrade gives another result: what changed since the last grading, and which criteria give other points."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.formatting import format_points
from autograder.gradebook.verdict_table import GradingRecord
from autograder.verdict import CriterionResult

CHANGED_SUBMISSION = "changed submission"
LATE_PENALTY = "late penalty"
_EARLIER_RELEASE = "graded by an earlier release of the grader"
_NOTHING = "nothing that is recorded changed"
TOLERANCE = 1e-9  # points; sums of floats differ by less


@dataclass(frozen=True)
class PointsChange:
    """What gives a student other points than before, such as a criterion, and how many more (less than 0: fewer)."""

    what: str
    difference: float


def changed_parts(before: GradingRecord, after: GradingRecord, *, is_new_work: bool) -> tuple[str, ...]:
    """Return the names of the parts of the fingerprint that changed between two gradings of a student."""
    submission = (CHANGED_SUBMISSION,) if is_new_work else ()
    if not before.parts:
        return submission or (_EARLIER_RELEASE,)
    old, new = json.loads(before.parts), json.loads(after.parts)
    return (*submission, *(name for name in new if old.get(name) != new[name])) or (_NOTHING,)


def criterion_changes(before: Sequence[CriterionResult], after: Sequence[CriterionResult]) -> Iterator[PointsChange]:
    """Yield the criteria of one exercise that give other points than before, those that are gone included."""
    old, new = ({criterion.name: criterion for criterion in criteria} for criteria in (before, after))
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        difference = (now.points if now else 0.0) - (was.points if was else 0.0)
        if abs(difference) > TOLERANCE:
            yield PointsChange(_describe(name, was, now), difference)


def penalty_change(before: float, after: float) -> Iterator[PointsChange]:
    """Yield what a changed late penalty, in points, gives or takes; nothing if it is the same."""
    if abs(after - before) > TOLERANCE:
        yield PointsChange(LATE_PENALTY, before - after)


def describe(changes: Sequence[PointsChange]) -> str:
    """Return the changes of one student's points in a line."""
    return ", ".join(f"{change.what}: {change.difference:+g}" for change in changes)


def points_in_words(points: float) -> str:
    """Write a number of points with its noun."""
    return f"{format_points(points)} {'point' if points == 1 else 'points'}"


def format_parts(parts: Mapping[str, str]) -> str:
    """Return what a `GradingRecord` keeps of the parts of a fingerprint, given a hash of each."""
    return json.dumps(parts)


def _describe(name: str, was: CriterionResult | None, now: CriterionResult | None) -> str:
    if was is None:
        return f"criterion '{name}' added"
    if now is None:
        return f"criterion '{name}' removed"
    if was.max_points != now.max_points:
        return f"criterion '{name}' is worth {points_in_words(now.max_points)}, before {format_points(was.max_points)}"
    return f"criterion '{name}' {'holds now' if now.earned else 'fails now'}"
