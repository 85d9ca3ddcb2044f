"""What an audit saw, and what is amiss in it. Frozen data, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from autograder.authoring.audit.exceptions_file import NAME, ExpectedExceptions
from autograder.contract import CLAUSES

FEWEST_RIGHT = 5  # right alternatives, and misconceptions, below which an audit says too little
FEWEST_WRONG = 5


@dataclass(frozen=True)
class Known:
    """How a program of ours was judged: under the first seed, and whether the others agree."""

    name: str
    score: float
    criteria: tuple[str, ...]  # those that it does not earn
    clauses: tuple[str, ...]  # those whose cases it fails
    named: tuple[str, ...]
    seed: int = 1
    changes_at: int | None = None  # the first seed with another verdict

    def agrees(self, other: Known) -> bool:
        """Whether another run of the same program came out the same."""
        mine, theirs = ((one.score, one.criteria, one.clauses, one.named) for one in (self, other))
        return mine == theirs


@dataclass(frozen=True)
class Mutated:
    """The mutants of one right program."""

    program: str
    made: int
    survivors: tuple[str, ...]


@dataclass(frozen=True)
class Repeated:
    """One seed again, through the sandbox."""

    isolation: str
    programs: int
    differ: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """Everything about one exercise."""

    function: str
    max_score: float
    seeds: int
    cases: dict[str, tuple[str, ...]]  # clause -> its hidden cases
    criteria: tuple[str, ...]
    own_clause: dict[str, str]  # misconception -> the clause that it breaks
    remembered: tuple[str, ...]  # cases whose input is the same for two students
    right: tuple[Known, ...]
    wrong: tuple[Known, ...]
    mutated: tuple[Mutated, ...]
    sandbox: Repeated
    listed: ExpectedExceptions

    @property
    def mutants(self) -> int:
        """How many mutants were made."""
        return sum(one.made for one in self.mutated)

    @property
    def survivors(self) -> tuple[str, ...]:
        """The mutants that pass every case."""
        return tuple(name for one in self.mutated for name in one.survivors)

    def caught_by(self, clause: str) -> list[str]:
        """The misconceptions that break this clause and fail one of its cases."""
        return [one.name for one in self.wrong if clause in one.clauses and self.own_clause[one.name] == clause]

    def only_by(self, criterion: str) -> list[str]:
        """The misconceptions that would get full marks without this criterion."""
        return [one.name for one in self.wrong if one.criteria == (criterion,)]

    def confused(self) -> list[str]:
        """The misconceptions that are named by another's name first, as "slug, named"."""
        return [f"{one.name}, {one.named[0]}" for one in self.wrong if one.named and one.named[0] != one.name]

    def problems(self) -> list[str]:
        """What is amiss, each with what would mend it; empty where the hidden tests are good."""
        return [*self._clauses(), *self._right(), *self._wrong(), *self._mutants(), *self._steadiness()]

    def as_json(self) -> dict[str, Any]:
        """Everything, for a program to read."""
        return asdict(self) | {"problems": self.problems()}

    def _clauses(self) -> Iterator[str]:
        for clause, meaning in CLAUSES.items():
            tested, excused = clause in self.cases, clause in self.listed.untested
            if not tested and not excused:
                yield (
                    f"no case tests {clause} ({meaning.meaning}): add one, or give the reason under untested in {NAME}"
                )
            elif tested and excused:
                yield f"{NAME} calls {clause} untested, but it has cases: remove it there"
            elif tested and clause != "hardcode" and not self.caught_by(clause):
                yield f"no misconception shows that the cases of {clause} catch anything: add one that breaks it"
        for case in self.remembered:
            yield f"the case {case!r} has the same input for two students: draw it from the generator"
        alone = [criterion for criterion in self.criteria if not self.only_by(criterion)]
        yield from _unlisted(alone, self.listed.criteria, "catches no misconception that the other criteria let pass")

    def _right(self) -> Iterator[str]:
        if len(self.right) - 1 < FEWEST_RIGHT:
            few = f"there are {len(self.right) - 1} correct alternatives: write at least {FEWEST_RIGHT}"
            yield f"{few}, as different as they come, in exercises/{self.function}/correct/"
        for one in self.right:
            if one.score < self.max_score:
                yield f"{one.name} is right, but fails {', '.join(one.clauses)}: mend the cases, or the program"

    def _wrong(self) -> Iterator[str]:
        if len(self.wrong) < FEWEST_WRONG:
            yield f"there are {len(self.wrong)} misconceptions: write at least {FEWEST_WRONG}, with hints"
        for one in self.wrong:
            if one.score >= self.max_score:
                yield f"{one.name} gets full marks: add a case that it fails"
            elif not one.named:
                yield f"{one.name} is caught, but not named: its program does not answer the same way twice"
        yield from _unlisted(self.confused(), self.listed.twins, "is named as another: separate them by a case")

    def _mutants(self) -> Iterator[str]:
        yield from _unlisted(
            self.survivors, self.listed.equivalents, "survives: add a case that kills it, or say why it is right"
        )

    def _steadiness(self) -> Iterator[str]:
        for one in (*self.right, *self.wrong):
            if one.changes_at is not None:
                yield f"{one.name} has another verdict under seed {one.changes_at}: the cases depend on luck"
        for name in self.sandbox.differ:
            yield f"{name} has another verdict in the sandbox"


def _unlisted(found: list[str] | tuple[str, ...], listed: dict[str, str], complaint: str) -> Iterator[str]:
    yield from (f"{name} {complaint}" for name in found if name not in listed)
    yield from (
        f"{NAME} lists {name!r}, which is not found any more: remove it" for name in listed if name not in found
    )
