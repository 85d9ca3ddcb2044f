"""Wrong programs that people really write for softmax, the likeliest first, each with its hint."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.softmax.reference import softmax

Array = np.ndarray[Any, Any]


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


MISCONCEPTIONS = (
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
)
