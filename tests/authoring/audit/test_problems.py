"""A good exercise has no problems, and each thing that can be wrong with hidden tests is one."""

from __future__ import annotations

from dataclasses import replace

from autograder.authoring.audit import ExerciseAudit, find_problems


def problems(audit: ExerciseAudit) -> str:
    return "\n".join(find_problems(audit))


def test_a_good_exercise_has_no_problem(good_audit: ExerciseAudit) -> None:
    assert find_problems(good_audit) == []
    assert good_audit.mutant_count > 150


def test_a_survivor_is_a_problem_unless_it_is_listed(good_audit: ExerciseAudit) -> None:
    unlisted = replace(good_audit, expected=replace(good_audit.expected, equivalents={}))
    assert "survives" in problems(unlisted)


def test_a_listed_mutant_that_is_gone_is_a_problem(good_audit: ExerciseAudit) -> None:
    equivalents = {**good_audit.expected.equivalents, "x:1: a -> b": "a reason"}
    audit = replace(good_audit, expected=replace(good_audit.expected, equivalents=equivalents))
    assert "'x:1: a -> b', which was not found" in problems(audit)


def test_a_correct_program_without_full_marks_is_a_problem(good_audit: ExerciseAudit) -> None:
    result = replace(good_audit.correct[0], score=1.0, failed_clauses=("dtype",))
    audit = replace(good_audit, correct=(result, *good_audit.correct[1:]))
    assert f"{result.program} is correct, but fails dtype" in problems(audit)


def test_a_misconception_with_full_marks_is_a_problem(good_audit: ExerciseAudit) -> None:
    result = replace(good_audit.misconceptions[0], score=good_audit.max_score)
    audit = replace(good_audit, misconceptions=(result, *good_audit.misconceptions[1:]))
    assert f"{result.program} gets full marks" in problems(audit)


def test_a_misconception_that_is_not_named_is_a_problem(good_audit: ExerciseAudit) -> None:
    result = replace(good_audit.misconceptions[0], named=())
    audit = replace(good_audit, misconceptions=(result, *good_audit.misconceptions[1:]))
    assert f"{result.program} is caught, but not named" in problems(audit)


def test_a_misnamed_misconception_is_a_problem_unless_it_is_listed(good_audit: ExerciseAudit) -> None:
    first, second = good_audit.misconceptions[:2]
    misnamed = replace(first, named=(second.program,))
    audit = replace(good_audit, misconceptions=(misnamed, *good_audit.misconceptions[1:]))
    pair = f"{first.program}, {second.program}"
    assert f"{pair} is named as another" in problems(audit)
    listed = replace(good_audit.expected, twins={pair: "no input tells them apart"})
    assert pair not in problems(replace(audit, expected=listed))


def test_a_verdict_that_depends_on_the_seed_is_a_problem(good_audit: ExerciseAudit) -> None:
    result = replace(good_audit.correct[0], differs_at_seed=17)
    audit = replace(good_audit, correct=(result, *good_audit.correct[1:]))
    assert "another verdict under seed 17" in problems(audit)


def test_a_verdict_that_differs_in_the_sandbox_is_a_problem(good_audit: ExerciseAudit) -> None:
    sandbox = replace(good_audit.sandbox, differing_programs=("loops",))
    assert "loops has another verdict in the sandbox" in problems(replace(good_audit, sandbox=sandbox))


def test_a_clause_without_cases_is_a_problem(good_audit: ExerciseAudit) -> None:
    cases = {clause: names for clause, names in good_audit.cases.items() if clause != "dtype"}
    assert "no case tests dtype" in problems(replace(good_audit, cases=cases))


def test_an_input_that_is_the_same_for_all_students_is_a_problem(good_audit: ExerciseAudit) -> None:
    audit = replace(good_audit, fixed_input_cases=("whole numbers",))
    assert "the same input for two students" in problems(audit)
