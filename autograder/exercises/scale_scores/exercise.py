"""scale_scores(scores, d_k): scores are divided by the square root of the number of components."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Part, call
from autograder.exercises.array_layouts import by_columns, every_other, read_only
from autograder.exercises.scale_scores.misconceptions import MISCONCEPTIONS
from autograder.exercises.scale_scores.reference import scale_scores

Array = np.ndarray[Any, Any]

# Hidden inputs. d_k is never a length of the scores, never a square, and never 4, where the half is the root.


def matrix(rng: np.random.Generator, shape: tuple[int, ...] = (3, 5), d_k: int = 7) -> Call:
    return call(rng.normal(0, 2, shape), d_k)


def any_d_k(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 4)), int(rng.choice([6, 10, 12, 20, 48, 80, 96, 128])))


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(1, 9, (3, 4)), 5)


SCORES = np.array([[4.0, 8.0, 12.0], [-2.0, 0.0, 1.0]])
WHOLE = np.array([[2, 4], [1, 0]])
FROZEN = np.array([[6.0, -3.0]])
FROZEN.flags.writeable = False

EXERCISE = Exercise(
    function="scale_scores",
    reference=scale_scores,
    returns=(Part("scaled scores"),),
    criteria=(
        Criterion(
            "divides by the square root",
            points=2,
            cases=(
                Case("a small matrix of scores", "core", matrix),
                Case("vectors of 512 components", "core", partial(matrix, d_k=512)),
                Case("vectors of two components", "core", partial(matrix, d_k=2)),
                Case("more queries than keys", "rect", partial(matrix, shape=(6, 2), d_k=3)),
                Case("one query", "rect", partial(matrix, shape=(1, 4))),
                Case("one key", "rect", partial(matrix, shape=(4, 1))),
                Case("one component", "rect", partial(matrix, d_k=1)),
                Case("a stack of score matrices", "batch", partial(matrix, shape=(2, 3, 4))),
                Case("a stack of stacks", "batch", partial(matrix, shape=(2, 4, 3, 5))),
                Case(
                    "a stack of stacks stored by columns",
                    "batch",
                    by_columns(partial(matrix, shape=(2, 4, 3, 5))),
                    needs=("pure",),
                ),
                Case("numbers of your own", "hardcode", any_d_k),
                Case("a plain array comes back", "type", matrix),
            ),
            examples=(
                Example("core", call(SCORES, 16)),
                Example("core", call(SCORES, 2)),
                Example("rect", call(SCORES[:, :1], 25)),
                Example("batch", call(np.stack([SCORES, SCORES[::-1] * 2]), 9)),
            ),
        ),
        Criterion(
            "any array of numbers",
            points=1,
            cases=(
                Case("whole numbers", "dtype", whole_numbers),
                Case("an array that must stay as it is", "pure", matrix),
                Case("a read-only array", "pure", read_only(matrix)),
                Case("an array stored by columns", "pure", by_columns(matrix)),
                Case("every other score of a larger array", "pure", every_other(matrix)),
            ),
            examples=(
                Example("dtype", call(WHOLE, 16)),
                Example("dtype", call(np.array([[3.1, 0.0011]]), 9)),
                Example("pure", call(SCORES * 0.5, 16)),
                Example("pure", call(FROZEN, 9)),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    hints={
        "core": Hint(
            "Each score is divided by the square root of d_k, and nothing else happens to it.",
            "By which number would you have to divide the first score to get the first number of your result?",
            "Try d_k = 16, where each score becomes a quarter of what it was.",
        ),
    },
)
