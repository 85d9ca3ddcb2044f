"""Wrong programs that people really write for softmax, the likeliest first, each with its hint."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.correct_functions import softmax
from autograder.exercises.shared_hints import FLOAT32, NOTHING, ROUNDED

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


def over_everything_without_shift(scores: Array, axis: int = -1) -> Array:
    return np.asarray(np.exp(scores) / np.sum(np.exp(scores)))


def over_queries_one_maximum(scores: Array, axis: int = -1) -> Array:
    return one_maximum(scores, axis=0)


def ignores_axis_without_shift(scores: Array, axis: int = -1) -> Array:
    return without_shift(scores, axis=-1)


def ignores_axis_one_maximum(scores: Array, axis: int = -1) -> Array:
    return one_maximum(scores, axis=-1)


def without_keepdims_or_shift(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis)


def second_axis(scores: Array, axis: int = -1) -> Array:
    return softmax(scores, axis=1)


def maximum_of_columns(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=axis, keepdims=True)


def shift_by_mean(scores: Array, axis: int = -1) -> Array:
    return without_shift(scores - scores.mean(axis=axis, keepdims=True), axis)


def shift_by_minimum(scores: Array, axis: int = -1) -> Array:
    return without_shift(scores - scores.min(axis=axis, keepdims=True), axis)


def clips_scores(scores: Array, axis: int = -1) -> Array:
    return without_shift(np.clip(scores, -500, 500), axis)


def one_in_the_sum(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / (1 + powers.sum(axis=axis, keepdims=True))


def a_little_in_the_sum(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / (powers.sum(axis=axis, keepdims=True) + 1e-6)


def twice(scores: Array, axis: int = -1) -> Array:
    return softmax(softmax(scores, axis), axis)


def exp_of_shares(scores: Array, axis: int = -1) -> Array:
    return np.asarray(np.exp(scores / scores.sum(axis=axis, keepdims=True)))


def logarithms(scores: Array, axis: int = -1) -> Array:
    return np.log(softmax(scores, axis))


def sigmoid(scores: Array, axis: int = -1) -> Array:
    return 1 / (1 + np.exp(-scores))


def powers_of_two(scores: Array, axis: int = -1) -> Array:
    powers = 2.0 ** (scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def divides_by_maximum(scores: Array, axis: int = -1) -> Array:
    return without_shift(scores / scores.max(axis=axis, keepdims=True), axis)


def absolute_values(scores: Array, axis: int = -1) -> Array:
    return np.asarray(np.abs(scores) / np.abs(scores).sum(axis=axis, keepdims=True))


def winner_takes_all(scores: Array, axis: int = -1) -> Array:
    return np.where(scores == scores.max(axis=axis, keepdims=True), 1.0, 0.0)


def refuses_four_axes(scores: Array, axis: int = -1) -> Array:
    if scores.ndim > 3:
        raise ValueError("softmax takes one, two or three axes")
    return softmax(scores, axis)


def rounded(scores: Array, axis: int = -1) -> Array:
    return np.round(softmax(scores, axis), 4)


def in_float32(scores: Array, axis: int = -1) -> Array:
    return softmax(scores.astype(np.float32), axis).astype(np.float32)


def returns_sum_too(scores: Array, axis: int = -1) -> Any:
    weights = softmax(scores, axis)
    return weights, weights.sum(axis=axis)


def returns_nothing(scores: Array, axis: int = -1) -> None:
    softmax(scores, axis)  # and no return


def squeezes(scores: Array, axis: int = -1) -> Array:
    return np.squeeze(softmax(scores, axis))


def nan_becomes_zero(scores: Array, axis: int = -1) -> Array:
    return np.nan_to_num(without_shift(scores, axis))


def largest_absolute_value(scores: Array, axis: int = -1) -> Array:
    powers = np.exp(scores - np.abs(scores).max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def first_axis_by_default(scores: Array, axis: int = 0) -> Array:
    return softmax(scores, axis)


def negative_axes_are_the_last(scores: Array, axis: int = -1) -> Array:
    return softmax(scores, max(axis, -1))


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
        "softmax-nan-to-num",
        "stable",
        nan_becomes_zero,
        Hint(
            "Large scores have weights like any others; a NaN says that something went wrong before.",
            "What is exp(1000) on your machine, and what does nan_to_num make of its quotient?",
            "Keep exp from overflowing instead: subtract each row's maximum first.",
        ),
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
        "softmax-over-queries-one-maximum",
        "core",
        over_queries_one_maximum,
        Hint(
            "Each query spreads a total attention of 1 over the keys: every row sums to 1.",
            "Which axis does your sum run over, and how many numbers does your maximum look at?",
            "Give both the caller's axis and keepdims=True.",
        ),
        source="SO 34968722",
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
        "softmax-ignores-axis-without-shift",
        "axis",
        ignores_axis_without_shift,
        Hint(
            "The weights sum to 1 along the axis that the caller asks for, however large the scores are.",
            "Where does your code use `axis`, and what is exp(1000)?",
            "Pass the axis on to the sum first; then subtract the maximum along the same axis.",
        ),
    ),
    Misconception(
        "softmax-ignores-axis-one-maximum",
        "axis",
        ignores_axis_one_maximum,
        Hint(
            "The weights sum to 1 along the caller's axis, and each vector along it is shifted by its own maximum.",
            "Which of your two reductions knows the caller's axis?",
            "Pass axis=axis and keepdims=True to both.",
        ),
    ),
    Misconception(
        "softmax-second-axis",
        "core",
        second_axis,
        Hint(
            "A vector has one axis, a stack of stacks has four: the right axis is the caller's, by default the last.",
            "What does axis=1 mean for an array of shape (6,)?",
            "Use the argument `axis` wherever you wrote a 1.",
        ),
        source="SO 45817372",
    ),
    Misconception(
        "softmax-over-everything",
        "core",
        over_everything,
        Hint(
            "Each row is its own set of weights and sums to 1.",
            "How many numbers does your sum add up: one row's or all of them?",
            "Sum with axis=axis and keepdims=True, then print the row sums.",
        ),
        source="perceiver-pytorch#46, SO 34968722",
    ),
    Misconception(
        "softmax-over-everything-without-shift",
        "core",
        over_everything_without_shift,
        Hint(
            "Each row is its own set of weights and sums to 1.",
            "How many numbers does your np.sum add up: one row's or all of them?",
            "Sum along the caller's axis, with keepdims=True. Then look at scores around 1000.",
        ),
        source="MLFundamentals#1",
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
        "softmax-shift-by-mean",
        "stable",
        shift_by_mean,
        Hint(
            "Any shift leaves the weights as they are, but only the maximum makes all exponents 0 or less.",
            "How far above the mean of its row can a score lie?",
            "Subtract the maximum instead of the mean.",
        ),
    ),
    Misconception(
        "softmax-shift-by-minimum",
        "stable",
        shift_by_minimum,
        Hint(
            "Any shift leaves the weights as they are, but only the maximum makes all exponents 0 or less.",
            "After your shift, what is the largest number that exp gets for the scores 0 and 1000?",
            "Subtract the maximum instead of the minimum.",
        ),
    ),
    Misconception(
        "softmax-clips-scores",
        "stable",
        clips_scores,
        Hint(
            "Differences between large scores count as much as those between small ones.",
            "What do 1000 and 999 become in your code, and which of the two should weigh more?",
            "Shift the scores instead of cutting them off: subtract each row's maximum.",
        ),
    ),
    Misconception(
        "softmax-maximum-of-columns",
        "core",
        maximum_of_columns,
        Hint(
            "The shift cancels only when every score of a row is shifted by the same number.",
            "What shape has your maximum: one number for each row, or for each column?",
            "Take the maximum along the caller's axis, with keepdims=True.",
        ),
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
        "softmax-without-keepdims-or-shift",
        "core",
        without_keepdims_or_shift,
        Hint(
            "The sums have to line up with the rows that they divide.",
            "What shape does your sum have, and along which axis does numpy stretch it?",
            "Add keepdims=True to the sum. Then look at scores around 1000.",
        ),
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
            "Every row sums to 1. Python's own sum, like axis=0, adds up along the first axis, whatever is asked.",
            "What shape does your sum have for scores of shape (2, 3): one number for each row, or each column?",
            "Use np.sum with axis=axis and keepdims=True. Then look at large scores.",
        ),
        source="SO 45817372",
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
        "softmax-refuses-four-axes",
        "batch",
        refuses_four_axes,
        Hint(
            "Scores may have four axes, for a stack of stacks: softmax does the same along one of them.",
            "Which line of your code asks how many axes there are?",
            "Let axis=axis and keepdims=True do the work for any number of axes.",
        ),
        source="keras-mtcnn#7",
    ),
    Misconception(
        "softmax-squeezes",
        "rect",
        squeezes,
        Hint(
            "The weights have the shape of the scores, also where an axis has length 1.",
            "What does squeeze do with weights of shape (4, 1)?",
            "Return the weights as they are; keepdims=True makes the shapes fit.",
        ),
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
    Misconception("softmax-rounded", "dtype", rounded, ROUNDED),
    Misconception(
        "softmax-in-float32",
        "dtype",
        in_float32,
        FLOAT32,
    ),
    Misconception("softmax-returns-nothing", "type", returns_nothing, NOTHING),
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
        "softmax-one-in-the-sum",
        "core",
        one_in_the_sum,
        Hint(
            "The weights of a row sum to exactly 1.",
            "Add up one of your rows: what else is in your denominator besides the exponentials?",
            "Divide by the sum of the exponentials and nothing more.",
        ),
    ),
    Misconception(
        "softmax-a-little-in-the-sum",
        "core",
        a_little_in_the_sum,
        Hint(
            "After the shift the largest exponential is 1, so the sum is never 0 and needs no help.",
            "What is the small number in your denominator for, and how many digits does it cost?",
            "Leave it out, and compare nine digits.",
        ),
    ),
    Misconception(
        "softmax-twice",
        "core",
        twice,
        Hint(
            "Softmax is applied once: what comes out are weights already.",
            "How often does a score meet exp on its way through your code?",
            "Return the first set of weights. Their row sums are 1.",
        ),
        source="DisKT#6",
    ),
    Misconception(
        "softmax-sigmoid",
        "core",
        sigmoid,
        Hint(
            "The weights of a row share a total of 1: when one score grows, the other weights shrink.",
            "Does your weight of a score depend on the other scores of its row?",
            "Divide exp(score) by the sum over the row.",
        ),
    ),
    Misconception(
        "softmax-logarithms",
        "core",
        logarithms,
        Hint(
            "Weights lie between 0 and 1, and each row sums to 1.",
            "Are your results negative? Which function makes numbers between 0 and 1 negative?",
            "Return the weights themselves, not their logarithms.",
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
        "softmax-exp-of-shares",
        "core",
        exp_of_shares,
        Hint(
            "First exp, then the division: so each row sums to 1.",
            "What do you get when you add up one of your rows, and which of the two steps comes last in your code?",
            "Apply exp to the scores, and divide the results by their sum.",
        ),
    ),
    Misconception(
        "softmax-powers-of-two",
        "core",
        powers_of_two,
        Hint(
            "Softmax raises e = 2.718… to the scores.",
            "When one score is larger by 1, how many times larger is its weight in your result: 2 or 2.718…?",
            "Use np.exp.",
        ),
    ),
    Misconception(
        "softmax-absolute-values",
        "core",
        absolute_values,
        Hint(
            "A score of -2 gets a smaller weight than a score of 1: the order of the scores is kept.",
            "What does your code make of the scores -2 and 2?",
            "Apply exp, which is positive for every number, and divide by the sum.",
        ),
    ),
    Misconception(
        "softmax-divides-by-maximum",
        "core",
        divides_by_maximum,
        Hint(
            "Subtracting the maximum changes no weight; dividing by it changes them all.",
            "What do the scores 1 and 2 become in your code before exp, and how far apart are they then?",
            "Subtract where you now divide.",
        ),
    ),
    Misconception(
        "softmax-winner-takes-all",
        "core",
        winner_takes_all,
        Hint(
            "Softmax is soft: the largest score gets the largest weight, and the others get some, too.",
            "What do the scores 1.0 and 1.1 give in your code?",
            "Build the weights from exp(score) instead of comparing with the maximum.",
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
    Misconception(
        "softmax-returns-sum-too",
        "type",
        returns_sum_too,
        Hint(
            "One array comes back: the weights, in the shape of the scores.",
            "What stands after your return, and what does a comma between two things make of them?",
            "Return the weights alone; who wants the sum can add them up.",
        ),
        source="PySyft#711",
    ),
    Misconception(
        "softmax-largest-absolute-value",
        "stable",
        largest_absolute_value,
        Hint(
            "After the shift the largest score of a row is exactly 0, also when all scores are negative.",
            "Of the scores -9000 and -9001, which is the largest, and what does yours subtract?",
            "Look at a row of very negative scores, and print the argument of exp.",
        ),
    ),
    Misconception(
        "softmax-first-axis-by-default",
        "core",
        first_axis_by_default,
        Hint(
            "A caller who names no axis gets weights that sum to 1 along the last one.",
            "What is the default of `axis` in the first line of your function?",
            "Compare that line with the one you were given.",
        ),
    ),
    Misconception(
        "softmax-negative-axes-are-the-last",
        "axis",
        negative_axes_are_the_last,
        Hint(
            "Negative axes count from the back: -1 is the last axis, -2 the one before it.",
            "What does your code make of axis=-2?",
            "Hand the axis on to numpy as it is: its functions know negative ones.",
        ),
    ),
)
