"""selfcheck.json: what the self-check of one assignment knows: data, no reference, no wrong program, nothing hidden.

For each public example it holds the arguments, the right arrays, and the answers that common mistakes would give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from autograder.exercise import Call, Example, Exercise
from autograder.judge import as_answer, run, want
from autograder.sandbox import wire


def public_data(exercises: Sequence[Exercise], notebook: str) -> dict[str, Any]:
    """The content of selfcheck.json, the same for the same exercises."""
    return {"notebook": notebook, "exercises": {exercise.function: _exercise(exercise) for exercise in exercises}}


def _exercise(exercise: Exercise) -> dict[str, Any]:
    clauses = {example.clause for criterion in exercise.criteria for example in criterion.examples}
    return {
        "criteria": [
            {
                "name": criterion.name,
                "points": criterion.points,
                "examples": [_example(exercise, example) for example in criterion.examples],
            }
            for criterion in exercise.criteria
        ],
        "clauses": {clause: asdict(exercise.hint(clause)) for clause in sorted(clauses)},
        "misconceptions": {one.slug: asdict(one.hint) for one in exercise.misconceptions},
    }


def _example(exercise: Exercise, example: Example) -> dict[str, Any]:
    call = example.call
    return {
        "clause": example.clause,
        "args": [plain(value) for value in call.args],
        "kwargs": {name: plain(value) for name, value in call.kwargs.items()},
        "wanted": [
            {
                "name": part.name,
                "array": plain(part.array),
                "tolerance": part.tolerance,
                "may_be_integer": part.may_be_integer,
                "zeros": None if part.zeros is None else plain(part.zeros),
            }
            for part in want(exercise, call)
        ],
        "answers": {one.slug: _answer(one.program, call) for one in exercise.misconceptions},
    }


def _answer(program: Any, call: Call) -> dict[str, Any]:
    answer = as_answer(run(program, call), call)
    return {"value": plain(answer.value), "raised": answer.raised, "changed": answer.changed}


def plain(value: Any) -> Any:
    """A value as JSON: an array with dtype, memory order and read-only flag; of anything odd only the type's name."""
    if isinstance(value, np.ndarray):
        form, _ = wire.encode(value)
        return {"array": value.tolist(), "dtype": value.dtype.str, "order": form["order"], "readonly": form["readonly"]}
    if isinstance(value, tuple):
        return {"tuple": [plain(part) for part in value]}
    if isinstance(value, wire.Alien):
        return {"type": value.type_name}
    return value
