"""The late policy: how many of the earned points a late submission loses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

_SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True)
class LatePolicy:
    """The settings below ``late`` in course.yml. Without ``per_day`` and ``last_day``, lateness costs nothing.

    Each day begun after ``grace`` costs the share ``per_day``, from 0 to 1, of the points earned. More than
    ``last_day`` days after the end of the grace period, all points are lost.
    """

    grace: timedelta = timedelta()
    per_day: float = 0.0
    last_day: int | None = None


def late_penalty(score: float, seconds_late: float, policy: LatePolicy) -> float:
    """Return the points to subtract from ``score``: at least 0, at most the score."""
    seconds_after_grace = seconds_late - policy.grace.total_seconds()
    if seconds_after_grace <= 0 or score <= 0:
        return 0.0
    days = math.ceil(seconds_after_grace / _SECONDS_PER_DAY)
    if policy.last_day is not None and days > policy.last_day:
        return score
    return min(score, score * policy.per_day * days)
