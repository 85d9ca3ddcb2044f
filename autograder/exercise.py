"""What an exercise is made of: frozen data, no I/O.

An exercise card (``exercises/<function>/exercise.py``) is built from these classes and reads like a description of the
exercise. Only the judge and the authoring tools give it life.
"""

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
    """The arguments of one call. Arrays keep their memory layout and their read-only flag on the way to the student."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)


def call(*args: Any, **kwargs: Any) -> Call:
    """Write a `Call` the way one writes a call: ``call(scores, axis=0)``."""
    return Call(args, kwargs)


@dataclass(frozen=True)
class Case:
    """One hidden call, drawn afresh for each submission, and the contract's clause that it tests.

    ``needs`` names further clauses that the call relies on: the case goes when a course leaves one of them out.
    """

    name: str
    clause: str
    draw: Callable[[np.random.Generator], Call]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Example:
    """One public call: the self-check tests it, and feedback shows what the student's function makes of it."""

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
    """A wrong program that people really write, and the hint that helps them out of it.

    The slug never changes: it stands in gradebooks. ``clause`` is the clause of the contract that the program breaks,
    ``source`` says where the mistake was seen.
    """

    slug: str
    clause: str
    program: Program
    hint: Hint
    source: str = ""


@dataclass(frozen=True)
class Part:
    """One array that the function returns, and how exactly it is compared.

    ``weights`` are accurate to 1e-9; any other part to 1e-9 × (1 + the largest absolute value in the right answer).
    ``must_be_zero`` takes the call's arguments and marks the entries that have to be exactly 0.
    """

    name: str
    weights: bool = False
    may_be_integer: bool = False
    must_be_zero: Callable[..., NDArray[np.bool_]] | None = None

    def tolerance(self, expected: NDArray[Any]) -> float:
        """The largest allowed absolute difference from ``expected``."""
        return 1e-9 if self.weights else 1e-9 * (1.0 + float(np.max(np.abs(expected), initial=0.0)))


@dataclass(frozen=True)
class Scored:
    """The scores behind a call's weights, row by row along the last axis, as the formula hands them to exp.

    ``divisor`` is what they were divided by, ``allowed`` (of a shape that stretches) which of them count, and ``axis``
    the axis of the weights that a row of scores belongs to.
    """

    scores: NDArray[np.float64]
    divisor: float = 1.0
    allowed: NDArray[np.bool_] | bool = True
    axis: int = -1


@dataclass(frozen=True)
class Exercise:
    """A function to write, the independent oracle for it, and everything its feedback needs.

    With ``scored``, feedback can tell the number in a mistake, such as the divisor of scores or a fill value.
    """

    function: str
    reference: Program
    returns: tuple[Part, ...]
    criteria: tuple[Criterion, ...]
    misconceptions: tuple[Misconception, ...]
    hints: Mapping[str, Hint] = field(default_factory=dict)
    scored: Callable[..., Scored] | None = None  # takes a call's arguments; None where no part is weights

    def __post_init__(self) -> None:
        clauses = [c for criterion in self.criteria for case in criterion.cases for c in (case.clause, *case.needs)]
        clauses += [example.clause for criterion in self.criteria for example in criterion.examples]
        clauses += [misconception.clause for misconception in self.misconceptions]
        if unknown := sorted(set(clauses) - set(CLAUSES)):
            raise ValueError(f"{self.function}: no such clause: {', '.join(unknown)}. Clauses: {', '.join(CLAUSES)}.")
        names = [case.name for criterion in self.criteria for case in criterion.cases]
        for kind, words in (
            ("case", names),
            ("criterion", [criterion.name for criterion in self.criteria]),
            ("misconception", [misconception.slug for misconception in self.misconceptions]),
        ):
            if twice := sorted({word for word in words if words.count(word) > 1}):
                raise ValueError(f"{self.function}: two have the same {kind} name: {', '.join(twice)}. Rename one.")

    @property
    def max_score(self) -> float:
        """The sum of the criteria's points."""
        return sum(criterion.points for criterion in self.criteria)

    def hint(self, clause: str) -> Hint:
        """What to say when this clause fails and no misconception explains it."""
        return self.hints.get(clause, CLAUSES[clause].hint)

    def with_points(self, points: Mapping[str, float]) -> Exercise:
        """The same exercise with other points for the named criteria."""
        return replace(self, criteria=tuple(replace(c, points=points.get(c.name, c.points)) for c in self.criteria))

    def without(self, left_out: tuple[str, ...]) -> Exercise:
        """The same exercise without the cases of these clauses; a criterion left without cases disappears."""
        gone = with_dependents(left_out)
        kept = (
            replace(
                criterion,
                cases=tuple(case for case in criterion.cases if not gone & {case.clause, *case.needs}),
                examples=tuple(example for example in criterion.examples if example.clause not in gone),
            )
            for criterion in self.criteria
        )
        return replace(
            self,
            criteria=tuple(criterion for criterion in kept if criterion.cases),
            misconceptions=tuple(m for m in self.misconceptions if m.clause not in gone),
        )
