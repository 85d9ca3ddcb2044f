"""The results of cases, criteria and submissions: frozen data, no I/O.

Everything that depends on a submission's status is decided here, once, by the lines of `Status`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """The result of one hidden case."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_RUN = "not_run"


class Status(StrEnum):
    """How a submission ended. Where several statuses apply, the first of this list counts.

    Each line decides everything that depends on a status; a new status is one more line at the place of its rank.

    A status that needs review comes before every one that does not, so that none hides it.

    Attributes:
        has_score: whether the gradebook may store a number; otherwise NULL, and nbgrader's "needs manual grade".
        needs_review: whether an instructor must check it; a run then lists the submission and exits with status 1.
        retry: whether ``autograder grade --failed`` grades the submission again.
    """

    _value_: str
    has_score: bool
    needs_review: bool
    retry: bool

    def __new__(cls, value: str, has_score: bool = True, needs_review: bool = False, retry: bool = False) -> Status:
        """Create a member from one line of the list.

        The lines leave nothing out: only type checkers, which take ``Status(value)`` for this call, need the defaults.
        """
        status = str.__new__(cls, value)
        status._value_ = value
        status.has_score, status.needs_review, status.retry = has_score, needs_review, retry
        return status

    # value, has_score, needs_review, retry
    NOT_GRADED = "not_graded", False, True, True
    MISSING = "missing", False, True, True
    UNREADABLE = "unreadable", False, True, True
    ALTERED = "altered", False, True, True
    NEEDS_LOOK = "needs_look", True, True, True
    UNFINISHED = "unfinished", True, False, False
    STUDENT_ERROR = "student_error", True, False, False
    TIMED_OUT = "timed_out", True, False, True
    CRASHED = "crashed", True, False, True
    GRADED = "graded", True, False, False


def first_status(statuses: Iterable[tuple[Status, str]]) -> tuple[Status, str]:
    """Return the status that comes first in the list of `Status`, with its message; graded if there is none.

    One that needs review comes before all that do not, so that none is hidden by another.
    """
    order = list(Status)

    def rank(status: tuple[Status, str]) -> tuple[bool, int]:
        return not status[0].needs_review, order.index(status[0])

    return min(statuses, key=rank, default=(Status.GRADED, ""))


@dataclass(frozen=True)
class Outcome:
    """The mark of one case, with a hint if it did not pass. Never holds hidden inputs or expected values."""

    case: str
    criterion: str
    clause: str
    mark: Mark
    misconceptions: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Reason:
    """The feedback on a criterion that was not earned; it shows public examples only.

    ``source_name`` and ``line`` are the student's line where it happened; empty and None where no line is known.
    """

    holds: str
    seen: str
    question: str
    advice: str
    source_name: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return "\n".join(line for line in (self.holds, self.seen, self.question, self.advice) if line)


@dataclass(frozen=True)
class CriterionResult:
    """The points that a criterion earned, and the reason where it earned none."""

    name: str
    points: float
    max_points: float
    reason: Reason | None = None

    @property
    def earned(self) -> bool:
        """Whether every case of the criterion passed."""
        return self.reason is None


@dataclass(frozen=True)
class Verdict:
    """The result of judging one function: every case, and every criterion with its points."""

    outcomes: tuple[Outcome, ...]
    criteria: tuple[CriterionResult, ...]

    @property
    def score(self) -> float:
        """The sum of the points earned."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def is_judged(self) -> bool:
        """Whether at least one case ran."""
        return any(outcome.mark is not Mark.NOT_RUN for outcome in self.outcomes)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The slugs of the misconceptions that explain every answer, the likeliest first."""
        return next((outcome.misconceptions for outcome in self.outcomes if outcome.misconceptions), ())


@dataclass(frozen=True)
class Report:
    """The result of grading one submission: the verdict, or the reason why there is none."""

    path: str
    exercise: str
    status: Status
    message: str
    max_score: float
    isolation: str
    seed: int
    verdict: Verdict
    notes: tuple[str, ...] = ()

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The criteria of the verdict."""
        return self.verdict.criteria

    @property
    def score(self) -> float | None:
        """The points; None where the status has no score, and for needs_look if nothing was judged."""
        if not self.status.has_score or (self.status is Status.NEEDS_LOOK and not self.verdict.is_judged):
            return None
        return self.verdict.score

    def as_json(self) -> dict[str, Any]:
        """The object that ``autograder judge --json`` prints."""
        return {
            "path": self.path,
            "exercise": self.exercise,
            "status": self.status.value,
            "message": self.message,
            "score": self.score,
            "max_score": self.max_score,
            "isolation": self.isolation,
            "seed": self.seed,
            "criteria": [
                {
                    "name": criterion.name,
                    "points": criterion.points,
                    "max_points": criterion.max_points,
                    "reason": str(criterion.reason) if criterion.reason else "",
                }
                for criterion in self.verdict.criteria
            ],
            "outcomes": [
                {
                    "case": outcome.case,
                    "criterion": outcome.criterion,
                    "clause": outcome.clause,
                    "mark": outcome.mark.value,
                    "misconceptions": list(outcome.misconceptions),
                    "hint": outcome.hint,
                }
                for outcome in self.verdict.outcomes
            ],
            "notes": list(self.notes),
        }
