"""Wrong programs that people really write for weighted_sum, the likeliest first, each with its hint."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.correct_functions import weighted_sum
from autograder.exercises.shared_hints import FLOAT32, NOTHING, ROUNDED, WHOLE_NUMBERS_ONLY

Array = np.ndarray[Any, Any]


def renormalises(weights: Array, V: Array) -> Array:
    return weighted_sum(weights / weights.sum(axis=-1, keepdims=True), V)


def softmax_again(weights: Array, V: Array) -> Array:
    powers = np.exp(weights)
    return weighted_sum(powers / powers.sum(axis=-1, keepdims=True), V)


def elementwise_product(weights: Array, V: Array) -> Array:
    return weights * V


def transposes_weights(weights: Array, V: Array) -> Array:
    return np.swapaxes(weights, -1, -2) @ V


def transposes_values(weights: Array, V: Array) -> Array:
    return weights @ np.swapaxes(V, -1, -2)


def values_on_the_left(weights: Array, V: Array) -> Array:
    return V @ weights


def sums_over_queries(weights: Array, V: Array) -> Array:
    return np.sum(weights[..., :, :, None] * V[..., None, :, :], axis=-3)


def averages(weights: Array, V: Array) -> Array:
    return np.mean(weights[..., :, :, None] * V[..., None, :, :], axis=-2)


def best_value_only(weights: Array, V: Array) -> Array:
    best = np.argmax(weights, axis=-1)
    return np.take_along_axis(V, best[..., None], axis=-2)


def dot_on_stacks(weights: Array, V: Array) -> Array:
    return np.dot(weights, V)


def one_batch_axis_only(weights: Array, V: Array) -> Array:
    return np.einsum("bqk,bkd->bqd", weights, V)


def two_axes_only(weights: Array, V: Array) -> Array:
    n_q, n_k = weights.shape
    return np.array([sum(weights[i, j] * V[j] for j in range(n_k)) for i in range(n_q)])


def as_many_components_as_keys(weights: Array, V: Array) -> Array:
    mixes = np.zeros(weights.shape)
    for c in range(weights.shape[-1]):
        mixes[..., c] = np.sum(weights * V[..., None, :, c], axis=-1)
    return mixes


def keeps_integers(weights: Array, V: Array) -> Array:
    return weighted_sum(weights, V).astype(V.dtype)


def writes_into_values(weights: Array, V: Array) -> Array:
    mixes = np.zeros((*weights.shape[:-1], V.shape[-1]))
    for i in range(weights.shape[-2]):
        parts = V
        parts *= weights[..., i, :, None]
        mixes[..., i, :] = parts.sum(axis=-2)
    return mixes


def in_float32(weights: Array, V: Array) -> Array:
    return weights.astype(np.float32) @ V.astype(np.float32)


def returns_list(weights: Array, V: Array) -> Any:
    return weighted_sum(weights, V).tolist()


def renormalises_all_but_zeros(weights: Array, V: Array) -> Array:
    totals = weights.sum(axis=-1, keepdims=True)
    return weighted_sum(weights / np.where(totals == 0, 1, totals), V)


def does_not_add_up(weights: Array, V: Array) -> Array:
    return weights[..., :, :, None] * V[..., None, :, :]


def over_components(weights: Array, V: Array) -> Array:
    return np.einsum("...qk,...kd->...qk", weights, V)


def ignores_weights(weights: Array, V: Array) -> Array:
    return np.zeros((*weights.shape[:-1], 1)) + V.mean(axis=-2, keepdims=True)


def turned_round(weights: Array, V: Array) -> Array:
    return np.einsum("...qk,...kd->...dq", weights, V)


def last_value_only(weights: Array, V: Array) -> Array:
    mixes = np.zeros((*weights.shape[:-1], V.shape[-1]))
    for j in range(V.shape[-2]):
        mixes = weights[..., :, j, None] * V[..., j, None, :]  # = where += is meant
    return mixes


def last_key_missing(weights: Array, V: Array) -> Array:
    return weighted_sum(weights[..., :-1], V[..., :-1, :])


def cuts_weights(weights: Array, V: Array) -> Array:
    return weighted_sum(np.clip(weights, 0, 1), V)


def first_sentence_for_all(weights: Array, V: Array) -> Array:
    return weights @ (V if V.ndim == 2 else V[:1])


def whole_numbers_only(weights: Array, V: Array) -> Array:
    mixes = np.zeros((*weights.shape[:-1], V.shape[-1]), dtype=int)
    mixes[...] = weighted_sum(weights, V)
    return mixes


def rounded(weights: Array, V: Array) -> Array:
    return np.round(weights @ V, 4)


def returns_matrix(weights: Array, V: Array) -> Any:
    return np.matrix(weights) * np.matrix(V)


def returns_nothing(weights: Array, V: Array) -> None:
    weights @ V  # and no return


def squeezes_one_sentence(weights: Array, V: Array) -> Array:
    mixes = weighted_sum(weights, V) if V.ndim > 2 else weighted_sum(weights, V)[None]
    return mixes[0] if len(mixes) == 1 else mixes


def shaped_like_values(weights: Array, V: Array) -> Array:
    mixes = np.zeros(V.shape)
    for i in range(weights.shape[-2]):
        mixes[..., i, :] = (weights[..., i, :, None] * V).sum(axis=-2)
    return mixes


def drops_negative_weights(weights: Array, V: Array) -> Array:
    return weighted_sum(np.where(weights > 0, weights, 0), V)


MISCONCEPTIONS = (
    Misconception(
        "sum-renormalises",
        "linear",
        renormalises,
        Hint(
            "The weights are used as they are: [2, 0] doubles the first value, [0, 0] gives 0.",
            "Which line divides by the sum of the weights, and what does it do to [2, 0]?",
            "Leave that line out. Softmax has already made the weights sum to 1.",
        ),
        source="fairseq#351",
    ),
    Misconception(
        "sum-renormalises-all-but-zeros",
        "linear",
        renormalises_all_but_zeros,
        Hint(
            "The weights are used as they are: weights of [2, 0] double the first value.",
            "Your code takes care of rows that sum to 0. What does it do to a row that sums to 2?",
            "Leave the division out altogether.",
        ),
    ),
    Misconception(
        "sum-softmax-again",
        "linear",
        softmax_again,
        Hint(
            "What comes in are weights already, not scores.",
            "How often does your whole computation apply exp?",
            "Multiply the weights with the values directly.",
        ),
        source="DisKT#6",
    ),
    Misconception(
        "sum-elementwise-product",
        "core",
        elementwise_product,
        Hint(
            "A mix adds up all values, each times its weight.",
            "Where in your code are the weighted values added up?",
            "Use @, which multiplies and adds up; * only multiplies.",
        ),
    ),
    Misconception(
        "sum-does-not-add-up",
        "core",
        does_not_add_up,
        Hint(
            "A mix adds up all values, each times its weight, so the result has no axis for the keys.",
            "How many axes does your result have, and what does the middle one count?",
            "Add the weighted values up along the keys' axis.",
        ),
    ),
    Misconception(
        "sum-over-components",
        "core",
        over_components,
        Hint(
            "The sum runs over the keys; the components of a value stay apart, and the result has d_v columns.",
            "Which letter is missing behind the arrow of your einsum, or which axis do you sum over?",
            "Keep the components and add up over the keys.",
        ),
    ),
    Misconception(
        "sum-last-value-only",
        "core",
        last_value_only,
        Hint(
            "A mix adds up all values, each times its weight.",
            "After the loop over the keys, what is left of the first value?",
            "Let each turn of the loop add to the mix instead of replacing it.",
        ),
    ),
    Misconception(
        "sum-last-key-missing",
        "core",
        last_key_missing,
        Hint(
            "All values take part in the mix, the last one too.",
            "Which numbers does range(n_k - 1) give, and what is the index of the last value?",
            "Let the loop, or the slice, run to the end.",
        ),
    ),
    Misconception(
        "sum-transposes-weights",
        "core",
        transposes_weights,
        Hint(
            "A row of weights belongs to one query, and it already lies along the keys.",
            "In your product, does a row of the left array belong to a query or to a key?",
            "Multiply without a transpose: (n_q, n_k) @ (n_k, d_v).",
        ),
        source="transformer-from-scratch#6",
    ),
    Misconception(
        "sum-transposes-values",
        "core",
        transposes_values,
        Hint(
            "The rows of V are the keys' values, and the sum runs over the keys.",
            "Write both shapes side by side: which two lengths meet in your product?",
            "Multiply without a transpose: (n_q, n_k) @ (n_k, d_v).",
        ),
        source="Machine-Learning-Collection#165",
    ),
    Misconception(
        "sum-values-on-the-left",
        "core",
        values_on_the_left,
        Hint(
            "The result has a row for each query, so the queries' array stands on the left.",
            "What is the shape of your product, and where did n_q go?",
            "Swap the two: the weights first, then V.",
        ),
    ),
    Misconception(
        "sum-turned-round",
        "core",
        turned_round,
        Hint(
            "The result has a row for each query and a column for each component: (n_q, d_v).",
            "Which of the two lengths comes first in the shape of your result?",
            "Swap the last two letters of the einsum, or the last two axes of the result.",
        ),
    ),
    Misconception(
        "sum-over-queries",
        "core",
        sums_over_queries,
        Hint(
            "Each query has its own mix: the sum runs over the keys.",
            "How many rows does your result have: as many as queries or as keys?",
            "Name the axes of the product, (n_q, n_k, d_v), and sum over the middle one.",
        ),
        source="show-attend-and-tell#6",
    ),
    Misconception(
        "sum-averages",
        "core",
        averages,
        Hint(
            "The weights say how much each value counts; the number of keys has no further say.",
            "By which number do your result and the right one differ? How many keys are there?",
            "Add up instead of taking the mean.",
        ),
    ),
    Misconception(
        "sum-ignores-weights",
        "core",
        ignores_weights,
        Hint(
            "Each query has its own mix, made with its own weights.",
            "Where in your code do the weights have an effect? Are all rows of your result the same?",
            "Multiply each value by its weight before adding up.",
        ),
    ),
    Misconception(
        "sum-cuts-weights",
        "linear",
        cuts_weights,
        Hint(
            "The weights are used as they are, also negative ones and ones above 1.",
            "Which step of your code turns -1 into 0 or 2 into 1?",
            "Leave that step out: weighted_sum is no judge of its weights.",
        ),
    ),
    Misconception(
        "sum-best-value-only",
        "core",
        best_value_only,
        Hint(
            "Every value takes part, each with its weight.",
            "What do the keys with the smaller weights contribute in your code?",
            "Replace argmax by a sum over all keys.",
        ),
    ),
    Misconception(
        "sum-dot-on-stacks",
        "batch",
        dot_on_stacks,
        Hint(
            "The weights of one sentence mix only the values of that sentence.",
            "For two sentences np.dot gives shape (2, n_q, 2, d_v). What are the two 2s?",
            "Use @ (np.matmul), which pairs the sentences one by one.",
        ),
    ),
    Misconception(
        "sum-first-sentence-for-all",
        "batch",
        first_sentence_for_all,
        Hint(
            "In a stack, the weights of each sentence mix the values of that same sentence.",
            "Which sentence's values do you take when there are two?",
            "Keep the axes in front as they are: @ pairs the sentences one by one.",
        ),
    ),
    Misconception(
        "sum-squeezes-one-sentence",
        "batch",
        squeezes_one_sentence,
        Hint(
            "A stack of one sentence is still a stack: its result keeps the axis in front.",
            "Which line of your code takes an axis away, and does it ask whether it put that axis there?",
            "Leave the axes in front as they are: @ needs no help with them.",
        ),
    ),
    Misconception(
        "sum-one-batch-axis-only",
        "core",
        one_batch_axis_only,
        Hint(
            "One sentence alone has two axes, a stack of stacks has four; your code works for exactly three.",
            "Which part of your code names a batch axis, or axis numbers such as 1 and 2?",
            "Count from the back (-1, -2), or write an ellipsis: '...qk,...kd->...qd'.",
        ),
        source="LLMs-from-scratch#857",
    ),
    Misconception(
        "sum-two-axes-only",
        "batch",
        two_axes_only,
        Hint(
            "A stack of sentences gives a stack of mixes, each as if it were computed alone.",
            "Which line of your code needs exactly two axes?",
            "Use @, which repeats over the axes in front.",
        ),
    ),
    Misconception(
        "sum-as-many-components-as-keys",
        "rect",
        as_many_components_as_keys,
        Hint(
            "A value may have more or fewer components than there are keys.",
            "Which array does your result take its shape from?",
            "The result has shape (n_q, d_v): n_q from weights.shape[-2], d_v from V.shape[-1].",
        ),
        source="coreai-torch#117, assignment1-basics#35",
    ),
    Misconception(
        "sum-keeps-integers",
        "dtype",
        keeps_integers,
        Hint(
            "Shares of whole numbers are fractions, and the fraction counts.",
            "Your array takes its type from V. Where can 2.3 go when V holds whole numbers?",
            "Let @ make the array, or create it with dtype=float.",
        ),
        source="SO 36738754",
    ),
    Misconception("sum-whole-numbers-only", "core", whole_numbers_only, WHOLE_NUMBERS_ONLY),
    Misconception("sum-rounded", "dtype", rounded, ROUNDED),
    Misconception("sum-returns-nothing", "type", returns_nothing, NOTHING),
    Misconception(
        "sum-writes-into-values",
        "pure",
        writes_into_values,
        Hint(
            "The caller's values are the same after the call as before.",
            "After `parts = V`, how many arrays are there, and which one does `*=` write into?",
            "Write `parts = V * ...`, which makes a new array for each query.",
        ),
        source="SO 11585793",
    ),
    Misconception(
        "sum-in-float32",
        "dtype",
        in_float32,
        FLOAT32,
    ),
    Misconception(
        "sum-returns-list",
        "type",
        returns_list,
        Hint(
            "The function returns a numpy array.",
            "What does type(...) say about the thing you return?",
            "Return np.array(...) of your list, or build an array from the start.",
        ),
    ),
    Misconception(
        "sum-returns-matrix",
        "type",
        returns_matrix,
        Hint(
            "The function returns a plain numpy array, also for a stack.",
            "What does type(...) say about the thing you return?",
            "Use arrays and @: np.matrix is an old type that knows two axes only.",
        ),
    ),
    Misconception(
        "sum-shaped-like-values",
        "core",
        shaped_like_values,
        Hint(
            "There is one mix for each query, as long as a value: the result has shape (n_q, d_v).",
            "What is the shape of the array that you fill, and where does it come from?",
            "Take n_q from the weights and d_v from the values, and try more queries than keys.",
        ),
    ),
    Misconception(
        "sum-drops-negative-weights",
        "linear",
        drops_negative_weights,
        Hint(
            "The weights are used as they are, negative ones too: a weight of -1 takes the value away once.",
            "Which line treats weights below 0 in another way?",
            "Leave that line out: a mask has made its weights 0 already.",
        ),
    ),
)
