"""The rules by which grades are stored. `nbgrader autograde` and `autograder grade` both call them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

# Returns the points to take off, given a student, the score and how many seconds late; None or any number.
PenaltyPolicy = Callable[[str, float, float], float | None]


def needs_manual_grade(
    auto_score: float | None,
    manual_score: float | None,
    *,
    in_doubt: bool = False,
    is_settled: bool = False,
    was_flagged: bool = True,
) -> bool:
    """Whether a newly graded cell waits for an instructor.

    A cell without a score waits until it is marked. A manual score closes it until other work is submitted: then, as
    in nbgrader, it waits again. A doubt is closed by a manual score or by ``autograder accept``.

    Args:
        auto_score: the automatic score; None if there is none.
        manual_score: the score that an instructor gave; None if there is none.
        in_doubt: whether the status of the submission needs review because of this cell.
        is_settled: whether an instructor accepted this very work.
        was_flagged: whether the cell waited before; True if the work is not what was graded then.
    """
    if auto_score is None and manual_score is None:
        return True
    if is_settled:
        return False
    return in_doubt if manual_score is None else was_flagged


def has_score(auto_score: float | None, manual_score: float | None) -> bool:
    """Whether a cell has been graded at all; without a score ``effective_score`` is 0, as in nbgrader."""
    return manual_score is not None or auto_score is not None


def effective_score(auto_score: float | None, manual_score: float | None, extra_credit: float | None) -> float:
    """Return the points of a cell as nbgrader's ``Grade.score`` does: the manual score replaces the automatic one."""
    score = auto_score if manual_score is None else manual_score
    return 0.0 if score is None else score + (extra_credit or 0.0)


def effective_comment(auto_comment: str | None, manual_comment: str | None) -> str | None:
    """Return the comment on a cell as nbgrader's ``Comment.comment`` does."""
    return auto_comment if manual_comment is None else manual_comment


def seconds_late(
    submitted: datetime | None, due: datetime | None, extension: timedelta | None, zone: tzinfo = UTC
) -> float:
    """Return how late a submission is, where each calendar day in ``zone`` counts as 24 hours; 0 without both times.

    So the day on which the clocks change costs the same as any other. ``submitted`` and ``due`` are in UTC without a
    time zone.
    """
    if submitted is None or due is None:
        return 0.0
    moment, deadline = submitted.replace(tzinfo=UTC), (due + (extension or timedelta())).replace(tzinfo=UTC)
    if moment <= deadline:
        return 0.0
    clock = deadline.astimezone(zone)
    days = max(0, (_local_date(moment, zone) - clock.date()).days)
    if days and _days_after(clock, days) > moment:
        days -= 1
    begin = _days_after(clock, days) if days else deadline
    return (timedelta(days) + min(moment - begin, timedelta(1))).total_seconds()


def _days_after(clock: datetime, days: int) -> datetime:
    """Return in UTC when a clock in a time zone shows the same time some days later."""
    return (clock + timedelta(days)).astimezone(UTC)


def _local_date(moment: datetime, zone: tzinfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # on the last day of the year 9999
        return moment.date()


def late_penalty_of(policy: PenaltyPolicy, student: str, score: float, late: float) -> float | None:
    """Return the points that a notebook loses, from 0 to its score; None if it is on time. ``late`` is in seconds."""
    penalty = policy(student, score, late) if late > 0 else None
    return None if penalty is None else min(max(penalty, 0.0), score)
