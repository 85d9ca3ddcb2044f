"""Hidden inputs depend on seed and case only, and the course's own programs are asked like a student's."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.exercise import Call, Case, Criterion, Exercise, Part, call
from autograder.judging.reference_answers import (
    ReferenceAnswers,
    draw_input,
    expected_parts,
    passes,
    passes_all,
    run_trusted,
    to_answer,
)
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.sandbox.inside import wire

SOFTMAX = catalogue.load_exercise("softmax")
PURE = Case("pure", "pure", lambda rng: call(rng.random((2, 3))))
VALUES = Case("values", "core", lambda rng: call(rng.random((2, 3))))


def double(x: Any) -> Any:
    return 2 * x


def double_in_place(x: Any) -> Any:
    result = 2 * x
    x += 1
    return result


def exercise(*cases: Case, reference: Any = double) -> Exercise:
    return Exercise("double", reference, (Part("result"),), (Criterion("values", 1, cases, ()),), ())


def test_inputs_differ_between_seeds_and_repeat_under_one() -> None:
    for criterion in SOFTMAX.criteria:
        for case in criterion.cases:
            first, again, other = draw_input(case, 1), draw_input(case, 1), draw_input(case, 2)
            assert first.args[0].tobytes() == again.args[0].tobytes()
            assert first.args[0].tobytes() != other.args[0].tobytes()


def test_two_cases_have_different_inputs_under_one_seed() -> None:
    assert draw_input(PURE, 1).args[0].tobytes() != draw_input(VALUES, 1).args[0].tobytes()


def test_each_program_is_asked_once_per_call() -> None:
    asked = []

    def program(x: Any) -> Any:
        asked.append(x)
        return 2 * x

    references = ReferenceAnswers(exercise(VALUES, reference=program), 1)
    hidden = references.call(VALUES)
    assert references.call(VALUES) is hidden
    for _ in range(2):
        references.expected(VALUES)
    assert len(asked) == 1
    for _ in range(2):
        references.answer(program, hidden)
        references.reply(program, hidden)
    assert len(asked) == 2


def test_a_trusted_program_cannot_change_the_callers_arguments() -> None:
    question = call(np.ones(3))
    reply = run_trusted(double_in_place, question)
    assert question.args[0].tolist() == [1, 1, 1]
    assert reply.arguments_after[0].tolist() == [2, 2, 2]
    assert to_answer(reply, question).changed
    assert not to_answer(run_trusted(double, question), question).changed


def test_a_trusted_program_that_raises_is_an_answer_and_its_warnings_are_not() -> None:
    def raises(x: Any) -> Any:
        warnings.warn("odd", stacklevel=1)
        raise KeyError("mine")

    reply = run_trusted(raises, call(1))
    assert reply == Reply(CallStatus.RAISED, error=StudentError("KeyError", "'mine'"))
    assert to_answer(reply, call(1)).raised == "KeyError"


def test_a_value_that_cannot_leave_the_sandbox_becomes_opaque_here_too() -> None:
    assert run_trusted(lambda x: object(), call(1)).result == wire.OpaqueValue("object")


def test_arguments_keep_their_memory_layout() -> None:
    flags = []
    question = call(np.asfortranarray(np.ones((2, 3))))
    question.args[0].flags.writeable = False
    run_trusted(lambda x: flags.append((x.flags.f_contiguous, x.flags.writeable)), question)
    assert flags == [(True, False)]


def test_a_changed_argument_fails_only_cases_of_the_clause_pure() -> None:
    references = ReferenceAnswers(exercise(PURE, VALUES), 1)
    replies = [run_trusted(double_in_place, references.call(case)) for case in (PURE, VALUES)]
    assert [passes(references, case, reply) for case, reply in zip((PURE, VALUES), replies, strict=True)] == [
        False,
        True,
    ]


@pytest.mark.parametrize("status", [status for status in CallStatus if status is not CallStatus.RETURNED])
def test_a_call_that_did_not_return_passes_no_case(status: CallStatus) -> None:
    references = ReferenceAnswers(exercise(VALUES), 1)
    right = run_trusted(double, references.call(VALUES)).result
    assert not passes(references, VALUES, Reply(status, right))
    assert to_answer(Reply(status), references.call(VALUES)).raised == status.value


def test_no_more_is_asked_after_the_first_case_that_fails() -> None:
    asked = []

    def ask(question: Call) -> Reply:
        asked.append(question)
        return run_trusted(double_in_place, question)

    references = ReferenceAnswers(exercise(PURE, VALUES), 1)
    assert not passes_all(references, ask)
    assert len(asked) == 1
    assert passes_all(references, lambda question: run_trusted(double, question))


def test_a_reference_that_raises_is_reported_as_the_courses_mistake() -> None:
    with pytest.raises(ValueError, match=r"double: the reference raised .* Fix the reference or the case"):
        expected_parts(exercise(VALUES, reference=lambda x: x["y"]), call(np.ones(2)))
