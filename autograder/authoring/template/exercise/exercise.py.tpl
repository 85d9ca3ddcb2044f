"""my_function(rows): from each row its mean is subtracted. An example that works: put your own function in its place."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder import Call, Case, Criterion, Example, Exercise, Hint, Misconception, Part, call

Array = np.ndarray[Any, Any]


def my_function(rows: Array) -> Array:
    """The oracle: the formula written out as plainly as you can. It need not be fast.

    Args:
        rows: any real array, shape (…, n).

    Returns:
        float64, same shape as ``rows``; every row sums to 0.
    """

    def of_row(row: Array) -> Array:
        return np.array([float(number) - float(sum(row)) / len(row) for number in row])

    return np.apply_along_axis(of_row, -1, rows)


# Hidden inputs, drawn afresh for each student. No two lengths of an input are equal.


def matrix(rng: np.random.Generator) -> Call:
    return call(rng.normal(1, 2, (3, 5)))


def tall(rng: np.random.Generator) -> Call:
    return call(rng.normal(1, 2, (6, 2)))


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-4, 5, (3, 4)))


# Wrong programs that people really write, the likeliest first. Each must fail some case, and some public example.


def of_columns(rows: Array) -> Array:
    return rows - rows.mean(axis=0, keepdims=True)


def of_everything(rows: Array) -> Array:
    return rows - rows.mean()


def in_place(rows: Array) -> Array:
    rows -= rows.mean(axis=-1, keepdims=True)
    return rows


SMALL = np.array([[1.0, 2.0, 6.0], [4.0, 4.0, 7.0]])

EXERCISE = Exercise(
    function="my_function",
    reference=my_function,
    returns=(Part("result"),),
    criteria=(
        Criterion(
            "every row",
            points=2,
            cases=(Case("a matrix", "core", matrix), Case("a tall matrix", "rect", tall)),
            examples=(Example("core", call(SMALL)),),
        ),
        Criterion(
            "any array of numbers",
            points=1,
            cases=(Case("whole numbers", "dtype", whole_numbers), Case("a matrix that must stay", "pure", matrix)),
            examples=(Example("dtype", call(SMALL.astype(int))), Example("pure", call(SMALL * 0.5))),
        ),
    ),
    misconceptions=(
        Misconception(
            "my_function-of-columns",
            "core",
            of_columns,
            Hint(
                "Each row is shifted by its own mean.",
                "Add up one row of your result. Is it 0?",
                "Take the mean with axis=-1 and keepdims=True.",
            ),
        ),
        Misconception(
            "my_function-of-everything",
            "core",
            of_everything,
            Hint(
                "Each row is shifted by its own mean, not by that of the whole array.",
                "How many numbers does your mean average: one row's or all of them?",
                "Take the mean with axis=-1 and keepdims=True.",
            ),
        ),
        Misconception(
            "my_function-in-place",
            "pure",
            in_place,
            Hint(
                "The caller's array is the same after the call as before.",
                "Which operator in your function writes into its argument?",
                "Write `rows - mean` instead of `rows -= mean`.",
            ),
        ),
    ),
)
