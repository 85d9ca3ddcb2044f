"""The late policy, pure: how many of the earned marks a late submission loses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

_DAY = 86_400.0


@dataclass(frozen=True)
class LateRules:
    """``late`` of course.yml. What is absent costs nothing: without both keys no submission loses marks.

    ``per_day`` is a share of the marks earned, from 0 to 1, for each day begun after ``grace``. Later than ``last_day``
    days after the due date (grace included) all marks are lost.
    """

    grace: timedelta = timedelta()
    per_day: float = 0.0
    last_day: int | None = None


def late_penalty(score: float, seconds_late: float, late: LateRules) -> float:
    """The marks to take off ``score``: never less than 0 and never more than the score."""
    over = seconds_late - late.grace.total_seconds()
    if over <= 0 or score <= 0:
        return 0.0
    days = math.ceil(over / _DAY)
    if late.last_day is not None and days > late.last_day:
        return score
    return min(score, score * late.per_day * days)
