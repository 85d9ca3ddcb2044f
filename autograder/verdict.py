"""How a case, a criterion and a submission ended: frozen data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Mark(StrEnum):
    """How one case ended."""

    PASS = "pass"
    FAIL = "fail"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_RUN = "not_run"


class Status(StrEnum):
    """How a submission ended; where several apply, the first of this list."""

    NOT_GRADED = "not_graded"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    ALTERED = "altered"
    UNFINISHED = "unfinished"
    STUDENT_ERROR = "student_error"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    NEEDS_LOOK = "needs_look"
    GRADED = "graded"

    @property
    def has_verdict(self) -> bool:
        """Whether a score follows. Without one the gradebook keeps no number and asks for a person."""
        return self not in (Status.NOT_GRADED, Status.UNREADABLE, Status.ALTERED)


@dataclass(frozen=True)
class Outcome:
    """How one case ended, and what to say about it. Never holds hidden inputs or expected values."""

    case: str
    criterion: str
    clause: str
    mark: Mark
    misconceptions: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Reason:
    """Why a criterion was not earned, on public examples only."""

    holds: str
    seen: str
    question: str
    advice: str

    def __str__(self) -> str:
        return "\n".join(line for line in (self.holds, self.seen, self.question, self.advice) if line)


@dataclass(frozen=True)
class CriterionResult:
    """A criterion's points, and the reason where they were not earned."""

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
    """What the judge found out about one function."""

    outcomes: tuple[Outcome, ...]
    criteria: tuple[CriterionResult, ...]

    @property
    def score(self) -> float:
        """The sum of the earned points."""
        return sum(criterion.points for criterion in self.criteria)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The mistakes that explain every answer, the likeliest first."""
        return next((outcome.misconceptions for outcome in self.outcomes if outcome.misconceptions), ())


@dataclass(frozen=True)
class Report:
    """What became of one submission: the verdict, or why there is none."""

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
        """The points, or None where there is no verdict."""
        return self.verdict.score if self.status.has_verdict else None

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
