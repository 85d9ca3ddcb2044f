"""The contents of selfcheck.json: public examples, right answers, and the answers that known mistakes give.

It contains data only: no code, no reference solution and no hidden case. Results are rounded to 11 decimals, a
hundredth of the finest tolerance, so that the last bit of another processor does not change the file. Arguments are
exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from autograder.exercise import Call, Example, Exercise, Misconception
from autograder.judging.reference_answers import expected_parts, run_trusted, to_answer
from autograder.sandbox import Limits
from autograder.student_files.comparing import Expected, answers_agree, expected_answer, to_json

DECIMALS = 11
BUILT_IN_PACKAGES = ("IPython", "PIL", "matplotlib", "mpl_toolkits", "numpy")  # besides the standard library

Data = dict[str, Any]


def public_data(
    exercises: Iterable[Exercise],
    notebook: str,
    illustrations: Iterable[str] = (),
    packages: Iterable[str] = (),
    seconds: float = Limits.seconds,
) -> Data:
    """Return the JSON data for the self-check of ``notebook``; it may contain NaN and Infinity.

    ``illustrations`` are the hashes of its illustrations, ``packages`` those that the grader has, and ``seconds`` is
    what it gives a cell or a call.
    """
    return {
        "notebook": notebook,
        "illustrations": sorted(illustrations),
        "packages": sorted({*BUILT_IN_PACKAGES, *packages}),
        "seconds": seconds,
        "exercises": [_exercise_data(exercise) for exercise in exercises],
    }


def _exercise_data(exercise: Exercise) -> Data:
    criteria = [criterion for criterion in exercise.criteria if criterion.examples]
    examples = [example for criterion in criteria for example in criterion.examples]
    expected = {id(example): expected_parts(exercise, example.call) for example in examples}
    return {
        "function": exercise.function,
        "criteria": [
            {
                "name": criterion.name,
                "points": criterion.points,
                "examples": [_example_data(example, expected[id(example)]) for example in criterion.examples],
            }
            for criterion in criteria
        ],
        "hints": {clause: asdict(exercise.hint(clause)) for clause in sorted({example.clause for example in examples})},
        "misconceptions": [
            {
                "name": mistake.slug,
                "hint": asdict(mistake.hint),
                # In the order of the criteria's examples.
                "answers": [_mistaken_answer(mistake, example.call, expected[id(example)]) for example in examples],
            }
            for mistake in exercise.misconceptions
        ],
    }


def _example_data(example: Example, expected: Sequence[Expected]) -> Data:
    return {
        "clause": example.clause,
        "args": [to_json(value) for value in example.call.args],
        "kwargs": {name: to_json(value) for name, value in example.call.kwargs.items()},
        "expected": [
            {
                "name": part.name,
                "array": to_json(part.array, DECIMALS),
                "tolerance": part.tolerance,
                "may_be_integer": part.may_be_integer,
                "zeros": to_json(part.zeros),
            }
            for part in expected
        ],
    }


def _mistaken_answer(mistake: Misconception, call: Call, expected: Sequence[Expected]) -> Data | None:
    """Return the answer of the wrong program; None where it agrees with the right one, which is stored already."""
    answer = to_answer(run_trusted(mistake.program, call), call)
    if answers_agree(answer, expected_answer(expected), [part.tolerance for part in expected]):
        return None
    if answer.raised:
        return {"raised": answer.raised}
    return {"value": to_json(answer.value, DECIMALS), "changed": answer.changed}
