"""Hidden inputs, and what the course's own programs (reference, misconceptions, correct answers) return for them.

Everything here comes from the course, nothing from a submission, so it may run in this process.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercise import Call, Case, Exercise, Program
from autograder.sandbox import CallStatus, Reply, StudentError
from autograder.sandbox.inside import wire
from autograder.student_files.comparing import Answer, Expected, difference

Ask = Callable[[Call], Reply]


class ReferenceAnswers:
    """The hidden calls of an exercise under one seed, with the answers of the course's programs, each computed once.

    Holds nothing of a submission: reuse one object to judge many programs under the same seed.
    """

    def __init__(self, exercise: Exercise, seed: int) -> None:
        self.exercise = exercise
        self.seed = seed
        self._calls: dict[str, Call] = {}
        self._expected: dict[str, tuple[Expected, ...]] = {}
        self._replies: dict[tuple[Program, int], Reply] = {}
        self._answers: dict[tuple[Program, int], Answer] = {}

    def call(self, case: Case) -> Call:
        """Return the hidden call of a case, the same object each time."""
        if case.name not in self._calls:
            self._calls[case.name] = draw_input(case, self.seed)
        return self._calls[case.name]

    def expected(self, case: Case) -> tuple[Expected, ...]:
        """Return what the reference gives for a case."""
        if case.name not in self._expected:
            self._expected[case.name] = expected_parts(self.exercise, self.call(case))
        return self._expected[case.name]

    def reply(self, program: Program, call: Call) -> Reply:
        """Return the reply of a trusted program to a call that `call` returned."""
        # This object keeps its calls alive, so that no other call can have the same id.
        key = program, id(call)
        if key not in self._replies:
            self._replies[key] = run_trusted(program, call)
        return self._replies[key]

    def answer(self, program: Program, call: Call) -> Answer:
        """Return the reply of a trusted program in the form that answers are compared in."""
        key = program, id(call)
        if key not in self._answers:
            self._answers[key] = to_answer(self.reply(program, call), call)
        return self._answers[key]


def passes_all(references: ReferenceAnswers, ask: Ask) -> bool:
    """Whether the program behind ``ask`` passes every case. Stops asking at the first that it fails."""
    cases = (case for criterion in references.exercise.criteria for case in criterion.cases)
    return all(passes(references, case, ask(references.call(case))) for case in cases)


def passes(references: ReferenceAnswers, case: Case, reply: Reply) -> bool:
    """Whether a reply to a case is correct; a case of the clause ``pure`` wants the arguments unchanged as well."""
    if reply.status is not CallStatus.RETURNED:
        return False
    if case.clause == "pure" and to_answer(reply, references.call(case)).changed:
        return False
    return not difference(references.expected(case), reply.result)


def draw_input(case: Case, seed: int) -> Call:
    """Draw the hidden call of a case. It depends on the seed and the case's name only."""
    return case.draw(np.random.default_rng([seed, zlib.crc32(case.name.encode())]))


def run_trusted(program: Program, call: Call) -> Reply:
    """Answer a call with a program of the course, in this process, exactly as the sandbox answers with a student's."""
    args, kwargs = _copy_arguments(call)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = wire.round_trip(program(*args, **kwargs))
    except Exception as error:
        return Reply(CallStatus.RAISED, error=StudentError(type(error).__name__, str(error)))
    return Reply(CallStatus.RETURNED, result, (*args, *kwargs.values()))


def expected_parts(exercise: Exercise, call: Call) -> tuple[Expected, ...]:
    """Return what the reference gives for a call, one `Expected` for each array, with its tolerance.

    Raises `ValueError` if the reference itself raises.
    """
    reply = run_trusted(exercise.reference, call)
    if reply.status is not CallStatus.RETURNED:
        raise ValueError(f"{exercise.function}: the reference raised {reply.error}. Fix the reference or the case.")
    arrays = reply.result if isinstance(reply.result, tuple) else (reply.result,)
    args, kwargs = _copy_arguments(call)
    return tuple(
        Expected(
            part.name,
            array,
            part.tolerance(array),
            part.may_be_integer,
            part.must_be_zero(*args, **kwargs) if part.must_be_zero else None,
        )
        for part, array in zip(exercise.returns, arrays, strict=True)
    )


def to_answer(reply: Reply, call: Call) -> Answer:
    """Convert a reply to an answer: a value or an exception, and whether the call changed its arguments."""
    if reply.status is not CallStatus.RETURNED:
        return Answer(raised=reply.error.type_name if reply.error else reply.status.value)
    before = (*call.args, *call.kwargs.values())
    unchanged = len(before) == len(reply.arguments_after) and all(map(_same_bytes, before, reply.arguments_after))
    return Answer(reply.result, changed=not unchanged)


def _copy_arguments(call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Copy a call's arguments in the same memory layout, the way the sandbox receives them."""
    values = wire.round_trip((*call.args, *call.kwargs.values()))
    return values[: len(call.args)], dict(zip(call.kwargs, values[len(call.args) :], strict=True))


def _same_bytes(before: Any, after: Any) -> bool:
    if not isinstance(before, np.ndarray):
        return type(after) is type(before) and bool(after == before)
    if type(after) is not np.ndarray or after.dtype != before.dtype or after.shape != before.shape:
        return False
    return before.tobytes() == after.tobytes()
