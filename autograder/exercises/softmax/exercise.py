"""softmax(scores, axis=-1): scores become weights that are not negative and sum to 1 along one axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Misconception, Part, call
from autograder.exercises._draw import by_columns, every_other, read_only

Array = np.ndarray[Any, Any]


def softmax(scores: Array, axis: int = -1) -> Array:
    """The oracle: the formula, one vector at a time, with the vector's own maximum subtracted first.

    Args:
        scores: any real array, shape (…, n, …), no unit.
        axis: the axis of length n that the weights sum to 1 along.

    Returns:
        float64 weights, same shape as ``scores``.

    Source: Bridle 1990; the shift is Higham, Accuracy and Stability, 2nd ed., section 27.
    """

    def of_vector(vector: Array) -> Array:
        powers = np.array([np.exp(float(score) - float(max(vector))) for score in vector])
        return powers / sum(powers)

    return np.apply_along_axis(of_vector, axis, np.array(scores, dtype=np.float64))


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


def negative_axis(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (3, 4, 2)), axis=-2)


def far_apart_in_a_row(rng: np.random.Generator) -> Call:
    scores = rng.normal(0, 2, (3, 4))
    scores[1, 2] += 1e5
    scores[2, 0] -= 1e5
    return call(scores)


def rows_far_apart(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (4, 3)) + np.array([[0.0], [-2_000.0], [9e4], [-9e4]]))


def all_very_negative(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 5)) - 5_000.0)


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-4, 5, (3, 4)))


def reused(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (2, 4)))


# Wrong programs that people really write, the likeliest first.


def without_shift(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)


def over_queries(scores: Array, axis: int = -1) -> Array:
    return softmax(scores, axis=0)


def ignores_axis(scores: Array, axis: int = -1) -> Array:
    return softmax(scores, axis=-1)


def over_everything(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum()


def one_maximum(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - np.max(scores))
    return powers / powers.sum(axis=axis, keepdims=True)


def shift_in_numerator_only(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / np.exp(scores).sum(axis=axis, keepdims=True)


def without_keepdims(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis)


def without_any_keepdims(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis))
    return powers / powers.sum(axis=axis)


def with_pythons_sum(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores)
    return np.asarray(powers / sum(powers))


def in_place(scores: Array, axis: int = -1) -> Array:
    scores -= scores.max(axis=axis, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=axis, keepdims=True)
    return scores


def keeps_integers(scores: Array, axis: int = -1) -> Array:
    weights = np.zeros_like(scores)
    weights[...] = softmax(scores, axis)
    return weights


def maximum_at_least_zero(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - np.maximum(0, scores.max(axis=axis, keepdims=True)))
    return powers / powers.sum(axis=axis, keepdims=True)


def without_normalising(scores: Array, axis: int = -1) -> Array:
    return np.exp(scores - scores.max(axis=axis, keepdims=True))


def without_exp(scores: Array, axis: int = -1) -> Array:
    return np.asarray(scores / scores.sum(axis=axis, keepdims=True))


def returns_list(scores: Array, axis: int = -1) -> Any:
    return softmax(scores, axis).tolist()


SMALL = np.array([[1.0, 2.0, 4.0], [0.5, 0.0, -1.0]])
WHOLE = np.array([[2, 0], [1, 3]])
FROZEN = np.array([[0.0, 1.0], [3.0, 1.0]])
FROZEN.flags.writeable = False

EXERCISE = Exercise(
    function="softmax",
    reference=softmax,
    returns=(Part("weights", weights=True),),
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
                Case("numbers of your own", "hardcode", reused),
                Case("a plain array comes back", "type", matrix),
            ),
            examples=(
                Example("core", call(SMALL)),
                Example("core", call(np.array([0.0, 1.0, 3.0]))),
                Example("batch", call(np.stack([SMALL, SMALL[::-1] * 2]))),
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
                Case("rows far apart", "stable", rows_far_apart),
                Case("only very negative scores", "stable", all_very_negative),
            ),
            examples=(
                Example("stable", call(np.array([[1000.0, 999.0, 0.0]]))),
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
                Example("pure", call(SMALL * 0.5)),
                Example("pure", call(FROZEN)),
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            "softmax-without-shift",
            "stable",
            without_shift,
            Hint(
                "Subtracting one number from all scores of a row leaves its weights as they are: none has to be large.",
                "What is exp(1000) on your machine, and what is it divided by?",
                "Subtract each row's maximum from that row before exp.",
            ),
            source="SO 61567597",
        ),
        Misconception(
            "softmax-over-queries",
            "core",
            over_queries,
            Hint(
                "Each query spreads a total attention of 1 over the keys: every row sums to 1.",
                "Add up one of your rows. Whose attention should total 1, a query's or a key's?",
                "Use the axis argument, -1 by default, for the maximum and for the sum.",
            ),
            source="vision-transformer#1",
        ),
        Misconception(
            "softmax-ignores-axis",
            "axis",
            ignores_axis,
            Hint(
                "The weights sum to 1 along the axis that the caller asks for.",
                "Which axis do your maximum and your sum run over when a caller asks for another?",
                "Pass axis=axis to both, and check axis=0 by adding up a column.",
            ),
            source="tensorflow#7689",
        ),
        Misconception(
            "softmax-over-everything",
            "core",
            over_everything,
            Hint(
                "Each row is a set of weights of its own and sums to 1.",
                "How many numbers does your sum add up: one row's or all of them?",
                "Sum with axis=axis and keepdims=True, then print the row sums.",
            ),
            source="perceiver-pytorch#46",
        ),
        Misconception(
            "softmax-one-maximum",
            "stable",
            one_maximum,
            Hint(
                "Each row is shifted by its own maximum, so that its largest score becomes 0.",
                "A row that lies 2,000 below another: what survives when the other row's maximum is subtracted?",
                "Take the maximum with axis=axis and keepdims=True.",
            ),
            source="keras#10027",
        ),
        Misconception(
            "softmax-shift-in-numerator-only",
            "core",
            shift_in_numerator_only,
            Hint(
                "The shift cancels only when numerator and denominator both have it.",
                "Which scores does your sum exponentiate, the shifted ones or the original ones?",
                "Keep the shifted exponentials in one variable and divide it by its own sum.",
            ),
        ),
        Misconception(
            "softmax-without-keepdims",
            "core",
            without_keepdims,
            Hint(
                "The sums have to line up with the rows that they divide.",
                "What shape does your sum have, and along which axis does numpy stretch it?",
                "Add keepdims=True to the sum, and to the maximum.",
            ),
            source="HandyRL#209",
        ),
        Misconception(
            "softmax-without-any-keepdims",
            "core",
            without_any_keepdims,
            Hint(
                "The maxima and the sums have to line up with the rows that they belong to.",
                "What shapes do your maximum and your sum have, and along which axis does numpy stretch them?",
                "Add keepdims=True to the maximum and to the sum.",
            ),
        ),
        Misconception(
            "softmax-with-pythons-sum",
            "core",
            with_pythons_sum,
            Hint(
                "Every row sums to 1. Python's own sum adds up along the first axis, whichever axis the caller names.",
                "What shape does sum(powers) have for scores of shape (2, 3): one number for each row, or each column?",
                "Use np.sum with axis=axis and keepdims=True. Then look at large scores.",
            ),
        ),
        Misconception(
            "softmax-in-place",
            "pure",
            in_place,
            Hint(
                "The caller's scores are the same after the call as before.",
                "Which operator in your function writes into scores?",
                "Replace `scores -= m` by `shifted = scores - m` and go on with shifted.",
            ),
            source="SO 11585793",
        ),
        Misconception(
            "softmax-keeps-integers",
            "dtype",
            keeps_integers,
            Hint(
                "Whole-number scores give the same weights as the same scores written as floats.",
                "Your array holds integers. Where can 0.09 go?",
                "Let exp make the array, or create it with dtype=float.",
            ),
            source="SO 36738754",
        ),
        Misconception(
            "softmax-maximum-at-least-zero",
            "stable",
            maximum_at_least_zero,
            Hint(
                "After the shift the largest score of a row is exactly 0, also when all scores are negative.",
                "What does your maximum start from when every score is below 0?",
                "Use the row's own maximum and nothing else.",
            ),
            source="NNlib.jl#43",
        ),
        Misconception(
            "softmax-without-normalising",
            "core",
            without_normalising,
            Hint(
                "The weights of a row sum to 1.",
                "Add up one of your rows: what do you get?",
                "Divide the exponentials by their sum along the axis.",
            ),
        ),
        Misconception(
            "softmax-without-exp",
            "core",
            without_exp,
            Hint(
                "Weights are never negative, even where scores are.",
                "What does dividing by the sum do to a negative score?",
                "Apply exp to the scores first, then divide by the sum.",
            ),
        ),
        Misconception(
            "softmax-returns-list",
            "type",
            returns_list,
            Hint(
                "The function returns a numpy array.",
                "What does type(...) say about the thing you return?",
                "Return the array itself, without tolist().",
            ),
        ),
    ),
    hints={
        "core": Hint(
            "Each row of weights is exp(score) divided by the sum of that row's exp(score).",
            "Which of the three steps differs in your code: exp, the sum, or the division?",
            "Compute the weights of [0, 1] by hand (0.269 and 0.731) and print your own steps beside them.",
        ),
    },
)
