"""The late penalty is a share of the points earned for each day begun after the grace period."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autograder.course.late_policy import LatePolicy, late_penalty

DAY = 86_400
HALF_HOUR = LatePolicy(grace=timedelta(minutes=30), per_day=0.1, last_day=3)


@pytest.mark.parametrize(
    ("seconds_late", "lost"),
    [
        (0, 0),
        (1800, 0),
        (1801, 1),
        (1800 + DAY, 1),
        (1801 + DAY, 2),
        (1800 + 3 * DAY, 3),
        (1801 + 3 * DAY, 10),
        (99 * DAY, 10),
    ],
)
def test_each_day_begun_after_the_grace_period_costs_its_share(seconds_late: float, lost: float) -> None:
    assert late_penalty(10, seconds_late, HALF_HOUR) == pytest.approx(lost)


def test_the_share_is_of_the_points_earned() -> None:
    assert late_penalty(4, 2 * DAY, LatePolicy(per_day=0.25)) == 2
    assert late_penalty(0, 2 * DAY, LatePolicy(per_day=0.25)) == 0


def test_a_penalty_never_takes_more_than_the_score() -> None:
    assert late_penalty(4, 50 * DAY, LatePolicy(per_day=0.25)) == 4


def test_without_a_policy_nothing_is_lost() -> None:
    assert late_penalty(10, 1000 * DAY, LatePolicy()) == 0


def test_a_last_day_alone_costs_nothing_before_it_and_everything_after() -> None:
    policy = LatePolicy(last_day=2)
    assert (late_penalty(10, 2 * DAY, policy), late_penalty(10, 2 * DAY + 1, policy)) == (0, 10)


def test_a_last_day_of_zero_accepts_no_late_work() -> None:
    assert late_penalty(10, 1, LatePolicy(last_day=0)) == 10
