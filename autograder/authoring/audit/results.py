"""The results of an exercise's audit: frozen data, no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.authoring.audit.exceptions_file import ExpectedExceptions


@dataclass(frozen=True)
class ProgramResult:
    """The verdict on one known program under the first seed, and whether other seeds give the same."""

    program: str
    score: float
    lost_criteria: tuple[str, ...]
    failed_clauses: tuple[str, ...]  # the clauses of the cases that it fails
    named: tuple[str, ...]  # the misconceptions that the verdict names
    seed: int = 1
    differs_at_seed: int | None = None  # the first seed with another verdict

    def same_verdict(self, other: ProgramResult) -> bool:
        """Tell whether another run of the same program gave the same verdict."""
        verdicts = [(run.score, run.lost_criteria, run.failed_clauses, run.named) for run in (self, other)]
        return verdicts[0] == verdicts[1]


@dataclass(frozen=True)
class MutationResult:
    """The number of mutants of one correct program, and the names of those that pass every case."""

    program: str
    mutant_count: int
    survivors: tuple[str, ...]


@dataclass(frozen=True)
class SandboxResult:
    """Whether the sandbox gives each program the same verdict as the judge does directly."""

    isolation: str
    program_count: int
    differing_programs: tuple[str, ...]


@dataclass(frozen=True)
class ExerciseAudit:
    """All results of one exercise's audit: programs, mutants and sandbox."""

    function: str
    max_score: float
    seeds: int
    cases: dict[str, tuple[str, ...]]  # the names of the hidden cases by clause
    criteria: tuple[str, ...]
    broken_clause: dict[str, str]  # the clause that each misconception breaks
    fixed_input_cases: tuple[str, ...]  # cases whose input is the same for two students
    correct: tuple[ProgramResult, ...]
    misconceptions: tuple[ProgramResult, ...]
    mutations: tuple[MutationResult, ...]
    sandbox: SandboxResult
    expected: ExpectedExceptions

    @property
    def mutant_count(self) -> int:
        """The number of mutants of all correct programs."""
        return sum(mutation.mutant_count for mutation in self.mutations)

    @property
    def survivors(self) -> tuple[str, ...]:
        """The mutants that pass every case."""
        return tuple(name for mutation in self.mutations for name in mutation.survivors)

    def caught_by_clause(self, clause: str) -> list[str]:
        """Return the misconceptions that break this clause and fail one of its cases."""
        return [
            result.program
            for result in self.misconceptions
            if clause in result.failed_clauses and self.broken_clause[result.program] == clause
        ]

    def caught_only_by(self, criterion: str) -> list[str]:
        """Return the misconceptions that would get full marks without this criterion."""
        return [result.program for result in self.misconceptions if result.lost_criteria == (criterion,)]

    def misnamed(self) -> list[str]:
        """Return "slug, named" for each misconception whose verdict names another one first."""
        return [
            f"{result.program}, {result.named[0]}"
            for result in self.misconceptions
            if result.named and result.named[0] != result.program
        ]
