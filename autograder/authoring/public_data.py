"""Exercises -> what selfcheck.json holds: public examples, right answers, and the answers that known mistakes give.

Data only: no code, no reference, no hidden case. Results are rounded to 11 decimals, a hundredth of the finest
tolerance, so that another processor's last bit does not change the file; arguments are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from autograder.exercise import Call, Example, Exercise, Misconception
from autograder.judging.reference_answers import expected_parts, run_trusted, to_answer
from autograder.sandbox.inside import wire
from autograder.student_files.comparing import Answer, Expected, answers_agree

DECIMALS = 11

Data = dict[str, Any]


def public_data(exercises: Iterable[Exercise], notebook: str) -> Data:
    """JSON data (NaN and Infinity included) for the self-check of ``notebook``, the same for the same arguments."""
    return {"notebook": notebook, "exercises": [_exercise(exercise) for exercise in exercises]}


def _exercise(exercise: Exercise) -> Data:
    """One exercise; a mistake's answers stand in the order of the criteria's examples."""
    shown = [criterion for criterion in exercise.criteria if criterion.examples]
    examples = [
        (example, expected_parts(exercise, example.call)) for criterion in shown for example in criterion.examples
    ]
    wanted = {id(example): parts for example, parts in examples}
    clauses = sorted({example.clause for example, _ in examples})
    return {
        "function": exercise.function,
        "criteria": [
            {
                "name": criterion.name,
                "points": criterion.points,
                "examples": [_example(example, wanted[id(example)]) for example in criterion.examples],
            }
            for criterion in shown
        ],
        "hints": {clause: asdict(exercise.hint(clause)) for clause in clauses},
        "misconceptions": [
            {
                "name": mistake.slug,
                "hint": asdict(mistake.hint),
                "answers": [_mistaken(mistake, example.call, parts) for example, parts in examples],
            }
            for mistake in exercise.misconceptions
        ],
    }


def _example(example: Example, wanted: Sequence[Expected]) -> Data:
    kwargs: Mapping[str, Any] = example.call.kwargs
    return {
        "clause": example.clause,
        "args": [_value(arg) for arg in example.call.args],
        "kwargs": {name: _value(arg) for name, arg in kwargs.items()},
        "wanted": [
            {
                "name": part.name,
                "array": _value(part.array, DECIMALS),
                "tolerance": part.tolerance,
                "may_be_integer": part.may_be_integer,
                "zeros": None if part.zeros is None else _value(part.zeros),
            }
            for part in wanted
        ],
    }


def _mistaken(mistake: Misconception, call: Call, wanted: Sequence[Expected]) -> Data | None:
    """What the wrong program gives; None where the mistake does not show, so that nothing is said twice."""
    answer = to_answer(run_trusted(mistake.program, call), call)
    right = tuple(part.array for part in wanted)
    if answers_agree(answer, Answer(right if len(right) > 1 else right[0]), [part.tolerance for part in wanted]):
        return None
    if answer.raised:
        return {"raised": answer.raised}
    return {"value": _value(answer.value, DECIMALS), "changed": answer.changed}


def _value(value: Any, decimals: int | None = None) -> Any:
    """A value as JSON data: arrays with dtype and memory layout, tuples, plain scalars; of others the type's name."""
    if isinstance(value, tuple):
        return {"tuple": [_value(part, decimals) for part in value]}
    if isinstance(value, wire.OpaqueValue):
        return {"type": value.type_name}
    if not isinstance(value, np.ndarray):
        return value
    order = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "strided"
    exact = decimals is None or value.dtype.kind != "f"
    numbers = value if exact else np.array(value, np.float64).round(decimals or 0) + 0.0  # + 0.0: no -0.0
    return {
        "dtype": value.dtype.name,
        "order": order,
        "readonly": not value.flags.writeable,
        "values": numbers.tolist(),
    }
