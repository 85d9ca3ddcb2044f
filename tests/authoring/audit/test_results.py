"""What can be read from the audit of an exercise."""

from __future__ import annotations

from dataclasses import replace

from autograder.authoring.audit import ExerciseAudit
from autograder.authoring.audit.results import MutationResult, ProgramResult

RESULT = ProgramResult("over-queries", 3, ("any axis",), ("axis",), ("over-queries",))


def test_the_same_verdict_under_another_seed_is_the_same() -> None:
    assert RESULT.same_verdict(replace(RESULT, seed=2, differs_at_seed=5))


def test_another_score_criterion_clause_or_name_is_another_verdict() -> None:
    for change in ({"score": 2}, {"lost_criteria": ()}, {"failed_clauses": ("core",)}, {"named": ()}):
        assert not RESULT.same_verdict(replace(RESULT, **change))


def test_mutants_and_survivors_are_those_of_all_correct_programs(good_audit: ExerciseAudit) -> None:
    mutations = (MutationResult("a", 3, ("a1",)), MutationResult("b", 2, ("b1", "b2")))
    audit = replace(good_audit, mutations=mutations)
    assert audit.mutant_count == 5
    assert audit.survivors == ("a1", "b1", "b2")


def test_a_clause_catches_the_misconceptions_that_break_it(good_audit: ExerciseAudit) -> None:
    results = (RESULT, replace(RESULT, program="of-another-clause"), replace(RESULT, program="x", failed_clauses=()))
    clauses = {"over-queries": "axis", "of-another-clause": "core", "x": "axis"}
    audit = replace(good_audit, misconceptions=results, broken_clause=clauses)
    assert audit.caught_by_clause("axis") == ["over-queries"]


def test_a_criterion_alone_catches_what_loses_no_other(good_audit: ExerciseAudit) -> None:
    results = (RESULT, replace(RESULT, program="two", lost_criteria=("any axis", "rows")))
    assert replace(good_audit, misconceptions=results).caught_only_by("any axis") == ["over-queries"]


def test_a_misconception_that_is_named_as_another_is_misnamed(good_audit: ExerciseAudit) -> None:
    results = (RESULT, replace(RESULT, program="no-name", named=()), replace(RESULT, program="other"))
    assert replace(good_audit, misconceptions=results).misnamed() == ["other, over-queries"]
