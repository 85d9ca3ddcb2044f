"""The parts of an exercise definition (``exercises/<function>/exercise.py``): frozen data, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.contract import CLAUSES, Hint, with_dependents

Program = Callable[..., Any]


@dataclass(frozen=True)
class Call:
    """The arguments of one call. The student's function gets arrays with the same memory layout and read-only flag."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


def call(*args: Any, **kwargs: Any) -> Call:
    """Make a `Call` by writing a call: ``call(scores, axis=0)``."""
    return Call(args, kwargs)


@dataclass(frozen=True)
class Case:
    """A hidden call, drawn separately for each submission, and the clause of the contract that it tests.

    ``needs`` names further clauses that the call relies on: a course that leaves out one of them drops the case.
    """

    name: str
    clause: str
    draw: Callable[[np.random.Generator], Call]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """A public call: the self-check tests it, and feedback shows what the student's function returns for it."""

    clause: str
    call: Call


@dataclass(frozen=True)
class Criterion:
    """A named share of an exercise's points: all or nothing, earned when every case passes."""

    name: str
    points: float
    cases: tuple[Case, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Misconception:
    """A wrong program that people really write, and the hint that helps to correct it.

    The slug never changes, because gradebooks store it. ``clause`` is the clause of the contract that the program
    breaks, ``source`` says where the mistake was seen.
    """

    slug: str
    clause: str
    program: Program
    hint: Hint
    source: str = ""


@dataclass(frozen=True)
class Part:
    """One of the arrays that the function returns, with the tolerance of its comparison.

    ``weights`` are accurate to 1e-9; any other part to 1e-9 × (1 + the largest absolute value in the right answer).
    ``must_be_zero`` takes the call's arguments and marks the entries that have to be exactly 0.
    """

    name: str
    weights: bool = False
    may_be_integer: bool = False
    must_be_zero: Callable[..., NDArray[np.bool_]] | None = None

    def tolerance(self, expected: NDArray[Any]) -> float:
        """Return the largest allowed absolute difference from ``expected``."""
        return 1e-9 if self.weights else 1e-9 * (1.0 + float(np.max(np.abs(expected), initial=0.0)))


@dataclass(frozen=True)
class Scored:
    """The scores behind a call's weights, as the formula passes them to exp, with one row along the last axis.

    ``divisor`` is the number that they were divided by, ``allowed`` (broadcast to their shape) says which of
    them count, and ``axis`` is the axis of the weights that a row of scores corresponds to.
    """

    scores: NDArray[np.float64]
    divisor: float = 1.0
    allowed: NDArray[np.bool_] | bool = True
    axis: int = -1


@dataclass(frozen=True)
class Exercise:
    """A function to write, the independent reference for it, and everything that its feedback needs.

    ``scored`` takes the arguments of a call. With it, feedback can name the number in a mistake, such as the divisor of
    scores or a fill value; without a part that is weights it is None.
    """

    function: str
    reference: Program
    returns: tuple[Part, ...]
    criteria: tuple[Criterion, ...]
    misconceptions: tuple[Misconception, ...]
    hints: Mapping[str, Hint] = field(default_factory=dict)
    scored: Callable[..., Scored] | None = None

    def __post_init__(self) -> None:
        clauses = [c for criterion in self.criteria for case in criterion.cases for c in (case.clause, *case.needs)]
        clauses += [example.clause for criterion in self.criteria for example in criterion.examples]
        clauses += [misconception.clause for misconception in self.misconceptions]
        if unknown := sorted(set(clauses) - set(CLAUSES)):
            raise ValueError(
                f"{self.function} names an unknown clause: {', '.join(unknown)}. Known are: {', '.join(CLAUSES)}."
            )
        for kind, names in (
            ("case", [case.name for criterion in self.criteria for case in criterion.cases]),
            ("criterion", [criterion.name for criterion in self.criteria]),
            ("misconception", [misconception.slug for misconception in self.misconceptions]),
        ):
            if repeated := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(
                    f"{self.function} uses a {kind} name twice: {', '.join(repeated)}. Rename one of them."
                )

    @property
    def max_score(self) -> float:
        """The sum of the criteria's points."""
        return sum(criterion.points for criterion in self.criteria)

    def hint(self, clause: str) -> Hint:
        """Return the hint for a clause that fails where no misconception explains it."""
        return self.hints.get(clause, CLAUSES[clause].hint)

    def with_points(self, points: Mapping[str, float]) -> Exercise:
        """Return the exercise with other points for the named criteria."""
        return replace(self, criteria=tuple(replace(c, points=points.get(c.name, c.points)) for c in self.criteria))

    def without(self, left_out: tuple[str, ...]) -> Exercise:
        """Return the exercise without the cases of these clauses, and without criteria that have no case left."""
        excluded = with_dependents(left_out)
        criteria = (
            replace(
                criterion,
                cases=tuple(case for case in criterion.cases if not excluded & {case.clause, *case.needs}),
                examples=tuple(example for example in criterion.examples if example.clause not in excluded),
            )
            for criterion in self.criteria
        )
        return replace(
            self,
            criteria=tuple(criterion for criterion in criteria if criterion.cases),
            misconceptions=tuple(m for m in self.misconceptions if m.clause not in excluded),
        )
