"""Turn the results of an audit into sentences: what is wrong with the hidden tests, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.authoring.audit.exceptions_file import NAME
from autograder.authoring.audit.results import ExerciseAudit
from autograder.contract import CLAUSES

MIN_CORRECT_ALTERNATIVES = 5
MIN_MISCONCEPTIONS = 5


def find_problems(audit: ExerciseAudit) -> list[str]:
    """Return a sentence for each problem, with what to do; an empty list if the hidden tests are good."""
    return [
        *_clause_problems(audit),
        *_correct_program_problems(audit),
        *_misconception_problems(audit),
        *_mutant_problems(audit),
        *_differing_verdicts(audit),
    ]


def _clause_problems(audit: ExerciseAudit) -> Iterator[str]:
    for clause, text in CLAUSES.items():
        is_tested, is_excused = clause in audit.cases, clause in audit.expected.untested
        if not is_tested and not is_excused:
            yield f"no case tests {clause} ({text.meaning}): add one, or give the reason under untested in {NAME}"
        elif is_tested and is_excused:
            yield f"{NAME} lists {clause} as untested, but it has cases: remove it there"
        # No misconception can memorise inputs that are drawn for each student.
        elif is_tested and clause != "hardcode" and not audit.caught_by_clause(clause):
            yield f"no misconception shows that the cases of {clause} catch anything: add one that breaks it"
    for case in audit.fixed_input_cases:
        yield f"the case {case!r} has the same input for two students: draw it from the generator"
    unneeded = [criterion for criterion in audit.criteria if not audit.caught_only_by(criterion)]
    complaint = "catches no misconception that the other criteria let pass"
    yield from _compare(unneeded, audit.expected.criteria, complaint)


def _correct_program_problems(audit: ExerciseAudit) -> Iterator[str]:
    alternatives = len(audit.correct) - 1
    if alternatives < MIN_CORRECT_ALTERNATIVES:
        advice = f"write at least {MIN_CORRECT_ALTERNATIVES}, as different as possible"
        yield f"there are {alternatives} correct alternatives: {advice}, in exercises/{audit.function}/correct/"
    for result in audit.correct:
        if result.score < audit.max_score:
            clauses = ", ".join(result.failed_clauses)
            yield f"{result.program} is correct, but fails {clauses}: fix the cases, or the program"


def _misconception_problems(audit: ExerciseAudit) -> Iterator[str]:
    if len(audit.misconceptions) < MIN_MISCONCEPTIONS:
        yield f"there are {len(audit.misconceptions)} misconceptions: write at least {MIN_MISCONCEPTIONS}, with hints"
    for result in audit.misconceptions:
        if result.score >= audit.max_score:
            yield f"{result.program} gets full marks: add a case that it fails"
        elif not result.named:
            yield f"{result.program} is caught, but not named: its program does not answer the same way twice"
    complaint = "is named as another: add a case that tells them apart"
    yield from _compare(audit.misnamed(), audit.expected.twins, complaint)


def _mutant_problems(audit: ExerciseAudit) -> Iterator[str]:
    complaint = f"survives: add a case that it fails, or say under equivalents in {NAME} why it is correct"
    yield from _compare(audit.survivors, audit.expected.equivalents, complaint)


def _differing_verdicts(audit: ExerciseAudit) -> Iterator[str]:
    for result in (*audit.correct, *audit.misconceptions):
        if result.differs_at_seed is not None:
            yield f"{result.program} has another verdict under seed {result.differs_at_seed}: the cases depend on luck"
    for program in audit.sandbox.differing_programs:
        yield f"{program} has another verdict in the sandbox"


def _compare(names: Sequence[str], expected: dict[str, str], complaint: str) -> Iterator[str]:
    """Complain about each name that is not in audit.yml, and about each entry there that no longer applies."""
    yield from (f"{name} {complaint}" for name in names if name not in expected)
    for name in expected:
        if name not in names:
            yield f"{NAME} lists {name!r}, which was not found: remove it there"
