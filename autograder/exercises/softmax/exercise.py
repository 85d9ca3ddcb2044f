"""softmax(scores, axis=-1): scores become weights that are not negative and sum to 1 along one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Part, Scored, call
from autograder.exercises.array_layouts import by_columns, every_other, read_only
from autograder.exercises.softmax.misconceptions import MISCONCEPTIONS
from autograder.exercises.softmax.reference import softmax

Array = np.ndarray[Any, Any]

# Hidden inputs. Every dimension differs from the others, and no score matrix is symmetric.


def matrix(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (3, 5)))


def vector(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, 6))


def tall(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (6, 2)))


def one_row(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (1, 4)))


def one_key(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (4, 1)))


def stack(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 3, 4)))


def stack_of_stacks(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 4, 3, 5)))


def first_axis(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (4, 3)), axis=0)


def middle_axis(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 5, 3)), axis=1)


def last_axis_by_number(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (3, 2, 4)), axis=2)


def far_from_the_last_axis(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 5, 3, 4)), axis=1)


def negative_axis(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (3, 4, 2)), axis=-2)


def far_apart_in_a_row(rng: np.random.Generator) -> Call:
    scores = rng.normal(0, 2, (3, 4))
    scores[1, 2] = 1e5
    scores[2, 0] = -1e5
    scores[0, 1:3] = -1e5, 1e5
    return call(scores)


def a_thousand_apart(rng: np.random.Generator) -> Call:
    # Shifted by a row's mean, exp still fits into a float64 here; shifted by its minimum, it does not.
    # Shifted by its maximum, exp of the second score lies below the smallest normal float64.
    return call(rng.normal(0, 1, (3, 5)) + rng.permuted(np.tile([0.0, 260, 500, 740, 1000], (3, 1)), axis=1))


def rows_far_apart(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (4, 3)) + np.array([[0.0], [-2_000.0], [9e4], [-9e4]]))


def all_very_negative(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 5)) - 5_000.0)


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-4, 5, (3, 4)))


def reused(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 4)))


SMALL = np.array([[1.0, 2.0, 4.0], [0.5, 0.0, -1.0]])
WHOLE = np.array([[2, 0], [1, 3]])
FROZEN = np.array([[0.0, 1.0], [3.0, 1.0]])
FROZEN.flags.writeable = False

EXERCISE = Exercise(
    function="softmax",
    reference=softmax,
    returns=(Part("weights", weights=True),),
    scored=lambda scores, axis=-1: Scored(np.moveaxis(scores.astype(float), axis, -1), axis=axis),
    criteria=(
        Criterion(
            "rows are weights",
            points=2,
            cases=(
                Case("a small matrix of scores", "core", matrix),
                Case("a single vector of scores", "core", vector),
                Case("more queries than keys", "rect", tall),
                Case("one query", "rect", one_row),
                Case("one key", "rect", one_key),
                Case("a stack of score matrices", "batch", stack),
                Case("a stack of stacks", "batch", stack_of_stacks),
                Case("a stack of stacks stored by columns", "batch", by_columns(stack_of_stacks), needs=("pure",)),
                Case("numbers of your own", "hardcode", reused),
                Case("a plain array comes back", "type", matrix),
            ),
            examples=(
                Example("core", call(SMALL)),
                Example("core", call(np.array([0.0, 1.0, 3.0]))),
                Example("batch", call(np.stack([SMALL, SMALL[::-1] * 2]))),
                Example("batch", call(np.array([[[[0.0, 1.0]]], [[[3.0, 1.0]]]]))),
                Example("rect", call(np.array([[1.0], [2.0], [-1.0]]))),
            ),
        ),
        Criterion(
            "any axis",
            points=1,
            cases=(
                Case("along the first axis", "axis", first_axis),
                Case("along the middle axis", "axis", middle_axis, needs=("batch",)),
                Case("along the last axis, by its number", "axis", last_axis_by_number, needs=("batch",)),
                Case("far from the last axis", "axis", far_from_the_last_axis, needs=("batch",)),
                Case("along a negative axis", "axis", negative_axis, needs=("batch",)),
            ),
            examples=(
                Example("axis", call(SMALL, axis=0)),
                Example("axis", call(np.stack([SMALL, SMALL * 0.5]), axis=1)),
                Example("axis", call(SMALL, axis=-2)),
            ),
        ),
        Criterion(
            "no overflow",
            points=1,
            cases=(
                Case("scores far apart in a row", "stable", far_apart_in_a_row),
                Case("scores a thousand apart", "stable", a_thousand_apart),
                Case("rows far apart", "stable", rows_far_apart),
                Case("only very negative scores", "stable", all_very_negative),
            ),
            examples=(
                Example("stable", call(np.array([[1000.0, 999.0, 0.0]]))),
                Example("stable", call(np.array([[0.0, 3000.0]]))),
                Example("stable", call(np.array([[-2000.0, -2001.0], [0.0, 1.0]]))),
                Example("stable", call(np.array([[-9000.0, -9001.0]]))),
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
                Example("dtype", call(WHOLE)),
                Example("dtype", call(np.array([[0.0, 9.0]]))),
                Example("dtype", call(np.array([[8.1, 9.3]]))),  # float32 cannot hold these
                Example("pure", call(SMALL * 0.5)),
                Example("pure", call(FROZEN)),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    hints={
        "core": Hint(
            "Each row of weights is exp(score) divided by the sum of that row's exp(score).",
            "Which of the three steps differs in your code: exp, the sum, or the division?",
            "Compute the weights of [0, 1] on paper (0.269 and 0.731) and print your own steps beside them.",
        ),
    },
)
