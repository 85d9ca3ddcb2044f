"""Wrong programs that people really write for attention_scores, the likeliest first, each with its hint."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.correct_functions import attention_scores
from autograder.exercises.shared_hints import FLOAT32, NOTHING, ROUNDED, WHOLE_NUMBERS_ONLY

Array = np.ndarray[Any, Any]


def transposes_every_axis(Q: Array, K: Array) -> Array:
    return Q @ K.T


def dot_on_stacks(Q: Array, K: Array) -> Array:
    return np.dot(Q, np.swapaxes(K, -1, -2))


def without_transpose(Q: Array, K: Array) -> Array:
    return Q @ K


def reshapes_keys(Q: Array, K: Array) -> Array:
    return Q @ K.reshape(*K.shape[:-2], K.shape[-1], K.shape[-2])


def keys_ask_queries(Q: Array, K: Array) -> Array:
    return K @ np.swapaxes(Q, -1, -2)


def already_scaled(Q: Array, K: Array) -> Array:
    return attention_scores(Q, K) / np.sqrt(Q.shape[-1])


def elementwise_product(Q: Array, K: Array) -> Array:
    return Q * K


def matching_pairs_only(Q: Array, K: Array) -> Array:
    return np.sum(Q * K, axis=-1)


def as_many_keys_as_queries(Q: Array, K: Array) -> Array:
    n = Q.shape[-2]
    scores = np.zeros((*Q.shape[:-1], n))
    for i in range(n):
        for j in range(n):
            scores[..., i, j] = np.sum(Q[..., i, :] * K[..., j, :], axis=-1)
    return scores


def one_batch_axis_only(Q: Array, K: Array) -> Array:
    return np.einsum("bqd,bkd->bqk", Q, K)


def cosines(Q: Array, K: Array) -> Array:
    lengths = np.linalg.norm(Q, axis=-1)[..., :, None] * np.linalg.norm(K, axis=-1)[..., None, :]
    return attention_scores(Q, K) / lengths


def keeps_integers(Q: Array, K: Array) -> Array:
    return attention_scores(Q, K).astype(Q.dtype)


def writes_into_queries(Q: Array, K: Array) -> Array:
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
    for j in range(K.shape[-2]):
        products = Q
        products *= K[..., j, None, :]
        scores[..., j] = products.sum(axis=-1)
    return scores


def in_float32(Q: Array, K: Array) -> Array:
    return np.asarray(Q, np.float32) @ np.swapaxes(np.asarray(K, np.float32), -1, -2)


def returns_matrix(Q: Array, K: Array) -> Any:
    return np.matrix(Q) * np.matrix(K).T


def returns_list(Q: Array, K: Array) -> Any:
    return attention_scores(Q, K).tolist()


def two_axes_only(Q: Array, K: Array) -> Array:
    n_q, d_k = Q.shape
    return np.array([[sum(Q[i, c] * key[c] for c in range(d_k)) for key in K] for i in range(n_q)])


def scaled_and_transposes_every_axis(Q: Array, K: Array) -> Array:
    return Q @ K.T / np.sqrt(K.shape[-1])


def softmax_as_well(Q: Array, K: Array) -> Array:
    scores = attention_scores(Q, K)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def scaled_and_softmax_as_well(Q: Array, K: Array) -> Array:
    return softmax_as_well(Q / np.sqrt(Q.shape[-1]), K)


def averages(Q: Array, K: Array) -> Array:
    return np.mean(Q[..., :, None, :] * K[..., None, :, :], axis=-1)


def does_not_add_up(Q: Array, K: Array) -> Array:
    return Q[..., :, None, :] * K[..., None, :, :]


def last_product_only(Q: Array, K: Array) -> Array:
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
    for c in range(Q.shape[-1]):
        scores = Q[..., :, None, c] * K[..., None, :, c]  # = where += is meant
    return scores


def last_component_missing(Q: Array, K: Array) -> Array:
    return attention_scores(Q[..., :-1], K[..., :-1])


def last_key_missing(Q: Array, K: Array) -> Array:
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]))
    for j in range(K.shape[-2] - 1):
        scores[..., j] = np.sum(Q * K[..., j, None, :], axis=-1)
    return scores


def two_letters_summed(Q: Array, K: Array) -> Array:
    return np.einsum("...qd,...kc->...qk", Q, K)


def distances(Q: Array, K: Array) -> Array:
    return np.linalg.norm(Q[..., :, None, :] - K[..., None, :, :], axis=-1)


def negative_squared_distances(Q: Array, K: Array) -> Array:
    return -np.sum((Q[..., :, None, :] - K[..., None, :, :]) ** 2, axis=-1)


def without_sign(Q: Array, K: Array) -> Array:
    return np.abs(attention_scores(Q, K))


def nothing_below_zero(Q: Array, K: Array) -> Array:
    return np.maximum(attention_scores(Q, K), 0)


def first_sentence_for_all(Q: Array, K: Array) -> Array:
    return Q @ np.swapaxes(K if K.ndim == 2 else K[:1], -1, -2)


def one_long_sentence(Q: Array, K: Array) -> Array:
    return Q.reshape(-1, Q.shape[-1]) @ K.reshape(-1, K.shape[-1]).T


def whole_numbers_only(Q: Array, K: Array) -> Array:
    scores = np.zeros((*Q.shape[:-1], K.shape[-2]), dtype=int)
    scores[...] = attention_scores(Q, K)
    return scores


def rounded(Q: Array, K: Array) -> Array:
    return np.round(Q @ np.swapaxes(K, -1, -2), 4)


def returns_nothing(Q: Array, K: Array) -> None:
    attention_scores(Q, K)  # and no return


def guesses_the_transpose(Q: Array, K: Array) -> Array:
    try:
        return Q @ K
    except ValueError:
        return Q @ np.swapaxes(K, -1, -2)


def squeezes_one_sentence(Q: Array, K: Array) -> Array:
    scores = attention_scores(Q, K) if Q.ndim > 2 else attention_scores(Q, K)[None]
    return scores[0] if len(scores) == 1 else scores


def squeezes(Q: Array, K: Array) -> Array:
    return attention_scores(Q, K).squeeze()


def two_or_three_axes_only(Q: Array, K: Array) -> Any:
    return Q @ (K.T if K.ndim == 2 else K.transpose(0, 2, 1))


MISCONCEPTIONS = (
    Misconception(
        "scores-transposes-every-axis",
        "batch",
        transposes_every_axis,
        Hint(
            "In a stack only the last two axes of K change places; the batch stays in front.",
            "What is the shape of K.T when K has shape (2, 5, 4)?",
            "Use np.swapaxes(K, -1, -2), and let @ repeat over the axes in front.",
        ),
        source="Odyssey#5648, tilelang#2626",
    ),
    Misconception(
        "scores-scaled-and-transposes-every-axis",
        "batch",
        scaled_and_transposes_every_axis,
        Hint(
            "A score is the plain sum of products, and in a stack only the last two axes of K change places.",
            "Which part of your line belongs to the next function, and what does .T do to three axes?",
            "Leave the division out, then swap the last two axes only.",
        ),
    ),
    Misconception(
        "scores-dot-on-stacks",
        "batch",
        dot_on_stacks,
        Hint(
            "The queries of one sentence meet only the keys of that sentence.",
            "For two sentences np.dot gives shape (2, n_q, 2, n_k). Which queries meet which keys?",
            "Use @ (np.matmul), which pairs the sentences one by one.",
        ),
    ),
    Misconception(
        "scores-without-transpose",
        "core",
        without_transpose,
        Hint(
            "A query and a key are compared component by component, so both must run along d_k.",
            "In Q @ K a row of Q meets a column of K. What does a column of K hold?",
            "Swap the last two axes of K first: (n_k, d_k) becomes (d_k, n_k).",
        ),
    ),
    Misconception(
        "scores-guesses-the-transpose",
        "core",
        guesses_the_transpose,
        Hint(
            "Keys have to be transposed always, also where the shapes would fit without it.",
            "When there are as many keys as components, which of the two products does your code choose?",
            "Decide by what the axes mean, not by whether numpy raises.",
        ),
    ),
    Misconception(
        "scores-reshapes-keys",
        "core",
        reshapes_keys,
        Hint(
            "Swapping two axes moves each number to its mirror place; reshape only cuts the same sequence differently.",
            "Write out [[1, 2, 3], [4, 5, 6]] reshaped to (3, 2). Is its first column the first key?",
            "Swap the axes with np.swapaxes(K, -1, -2) instead of reshaping.",
        ),
        source="tokenlearner-pytorch#1",
    ),
    Misconception(
        "scores-keys-ask-queries",
        "core",
        keys_ask_queries,
        Hint(
            "Rows belong to queries and columns to keys: the shape is (n_q, n_k).",
            "Which of the two lengths comes first in the shape of your result?",
            "Put the queries on the left of the product.",
        ),
        source="fast-transformers#98",
    ),
    Misconception(
        "scores-already-scaled",
        "core",
        already_scaled,
        Hint(
            "A score is the plain sum of products; scaling is the next function's work.",
            "By which number do your scores and the expected ones differ, and what is its square?",
            "Return the products' sum as it is.",
        ),
    ),
    Misconception(
        "scores-softmax-as-well",
        "core",
        softmax_as_well,
        Hint(
            "A score is any number, also a negative one; a row of scores need not sum to 1.",
            "Add up one row of your result. Which of the coming functions makes that sum?",
            "Return the sums of products before anything else happens to them.",
        ),
    ),
    Misconception(
        "scores-scaled-and-softmax-as-well",
        "core",
        scaled_and_softmax_as_well,
        Hint(
            "Scores are the first of four steps; scaling and softmax have their own functions.",
            "How many of the four steps does your function do?",
            "Return the sums of products before anything else happens to them.",
        ),
    ),
    Misconception(
        "scores-elementwise-product",
        "core",
        elementwise_product,
        Hint(
            "Every query meets every key, and each meeting gives one number: a sum of products.",
            "How many numbers does your code make of one query and one key?",
            "Use @, which multiplies and adds up; * only multiplies.",
        ),
        source="SO 21562986",
    ),
    Misconception(
        "scores-does-not-add-up",
        "core",
        does_not_add_up,
        Hint(
            "One query and one key give one number, so the result has no axis for the components.",
            "How many axes does your result have, and what does the last one count?",
            "Add the products up along the components' axis.",
        ),
    ),
    Misconception(
        "scores-two-axes-only",
        "batch",
        two_axes_only,
        Hint(
            "A stack of sentences gives a stack of scores, each as if it were computed alone.",
            "Which line of your code needs exactly two axes?",
            "Use @, which repeats over the axes in front, or an ellipsis (...) in your indices.",
        ),
    ),
    Misconception(
        "scores-matching-pairs-only",
        "core",
        matching_pairs_only,
        Hint(
            "Each query meets all keys, not only the one at its own place.",
            "With 2 queries and 2 keys, how many meetings are there, and how many numbers do you return?",
            "Give queries and keys an axis each, (n_q, n_k), as Q @ np.swapaxes(K, -1, -2) does.",
        ),
        source="DUET#6",
    ),
    Misconception(
        "scores-as-many-keys-as-queries",
        "rect",
        as_many_keys_as_queries,
        Hint(
            "There may be more keys than queries, or fewer.",
            "Which length does your inner loop, or the second axis of your result, come from?",
            "Take n_q from Q.shape[-2] and n_k from K.shape[-2].",
        ),
        source="fast-transformers#98",
    ),
    Misconception(
        "scores-last-product-only",
        "core",
        last_product_only,
        Hint(
            "A score adds up the products of all components.",
            "After the loop over the components, what is left of the first product?",
            "Let each turn of the loop add to the score instead of replacing it.",
        ),
    ),
    Misconception(
        "scores-last-component-missing",
        "core",
        last_component_missing,
        Hint(
            "All d_k components of a query and a key count, the last one too.",
            "Which numbers does range(d_k - 1) give, and what is the last index of a vector of length 4?",
            "Let the loop, or the slice, run to the end.",
        ),
    ),
    Misconception(
        "scores-last-key-missing",
        "core",
        last_key_missing,
        Hint(
            "Every key has a column of scores, the last one too.",
            "Which numbers does range(n_k - 1) give, and what is the index of the last key?",
            "Let the loop run over all keys, and look at the last column again.",
        ),
    ),
    Misconception(
        "scores-averages",
        "core",
        averages,
        Hint(
            "A score is a sum, and it grows with the number of components; scaling comes later.",
            "By which number do your scores and the expected ones differ? How many components are there?",
            "Add the products up instead of taking their mean.",
        ),
    ),
    Misconception(
        "scores-two-letters-summed",
        "core",
        two_letters_summed,
        Hint(
            "Component c of the query meets component c of the key, and no other.",
            "In einsum, what happens to a letter that stands in one input only and not in the output?",
            "Give the components the same letter in both inputs.",
        ),
    ),
    Misconception(
        "scores-one-batch-axis-only",
        "core",
        one_batch_axis_only,
        Hint(
            "One sentence alone has two axes, a stack of stacks has four; your code works for exactly three.",
            "Which part of your code names a batch axis, or axis numbers such as 1 and 2?",
            "Count from the back (-1, -2), or write an ellipsis: '...qd,...kd->...qk'.",
        ),
        source="LLMs-from-scratch#857",
    ),
    Misconception(
        "scores-cosines",
        "core",
        cosines,
        Hint(
            "A score grows with the lengths of both vectors; only their directions do not make it.",
            "What happens to your score when the query becomes twice as long?",
            "Leave out the division by the lengths.",
        ),
    ),
    Misconception(
        "scores-distances",
        "core",
        distances,
        Hint(
            "A score is large where query and key point the same way; a distance is small there.",
            "Where do you subtract the vectors, and what does the dot product do with them instead?",
            "Multiply the components and add up.",
        ),
    ),
    Misconception(
        "scores-negative-squared-distances",
        "core",
        negative_squared_distances,
        Hint(
            "A score is a dot product: products of components, added up, with no square in it.",
            "What is your score of a vector with itself, and what is its dot product with itself?",
            "Multiply the components instead of subtracting them.",
        ),
    ),
    Misconception(
        "scores-without-sign",
        "core",
        without_sign,
        Hint(
            "A score is negative where query and key point in opposite directions, and the sign counts.",
            "What does np.abs make of -3, and which of your steps needs it?",
            "Leave the sums of products as they are.",
        ),
    ),
    Misconception(
        "scores-nothing-below-zero",
        "core",
        nothing_below_zero,
        Hint(
            "A score may be negative: then query and key point in opposite directions.",
            "Which step of your code turns negative numbers into 0?",
            "Leave the sums of products as they are; softmax will deal with negative ones.",
        ),
    ),
    Misconception(
        "scores-first-sentence-for-all",
        "batch",
        first_sentence_for_all,
        Hint(
            "In a stack, the queries of each sentence meet the keys of that same sentence.",
            "Which sentence's keys do you take when there are two?",
            "Keep the axes in front as they are: @ pairs the sentences one by one.",
        ),
    ),
    Misconception(
        "scores-squeezes-one-sentence",
        "batch",
        squeezes_one_sentence,
        Hint(
            "A stack of one sentence is still a stack: its result keeps the axis in front.",
            "Which line of your code takes an axis away, and does it ask whether it put that axis there?",
            "Leave the axes in front as they are: @ needs no help with them.",
        ),
    ),
    Misconception(
        "scores-one-long-sentence",
        "batch",
        one_long_sentence,
        Hint(
            "Sentences of a stack stay apart: no query meets a key of another sentence.",
            "After reshape(-1, d_k), how can one tell where a sentence ends?",
            "Leave the shape alone: @ repeats over the axes in front.",
        ),
    ),
    Misconception(
        "scores-keeps-integers",
        "dtype",
        keeps_integers,
        Hint(
            "Whole numbers and fractions may be mixed: the scores are then fractions.",
            "Your array takes its type from Q. Where can 1.5 go when Q holds whole numbers?",
            "Let @ make the array, or create it with dtype=float.",
        ),
        source="SO 36738754",
    ),
    Misconception("scores-whole-numbers-only", "core", whole_numbers_only, WHOLE_NUMBERS_ONLY),
    Misconception("scores-rounded", "dtype", rounded, ROUNDED),
    Misconception("scores-returns-nothing", "type", returns_nothing, NOTHING),
    Misconception(
        "scores-writes-into-queries",
        "pure",
        writes_into_queries,
        Hint(
            "The caller's queries are the same after the call as before.",
            "After `products = Q`, how many arrays are there, and which one does `*=` write into?",
            "Write `products = Q * key`, which makes a new array.",
        ),
        source="SO 11585793",
    ),
    Misconception(
        "scores-in-float32",
        "dtype",
        in_float32,
        FLOAT32,
    ),
    Misconception(
        "scores-returns-matrix",
        "type",
        returns_matrix,
        Hint(
            "The function returns a plain numpy array, also for a stack.",
            "What does type(...) say about the thing you return?",
            "Use arrays and @: np.matrix is an old type that knows two axes only.",
        ),
    ),
    Misconception(
        "scores-returns-list",
        "type",
        returns_list,
        Hint(
            "The function returns a numpy array.",
            "What does type(...) say about the thing you return?",
            "Return np.array(...) of your list, or build an array from the start.",
        ),
    ),
    Misconception(
        "scores-squeezes",
        "rect",
        squeezes,
        Hint(
            "One query is still a row: (1, d_k) and (n_k, d_k) give (1, n_k).",
            "Which axes does squeeze take away?",
            "Leave it out, or say which axis it is about, and try one query.",
        ),
    ),
    Misconception(
        "scores-two-or-three-axes-only",
        "batch",
        two_or_three_axes_only,
        Hint(
            "There may be any number of axes in front of the last two.",
            "What becomes of the three numbers in transpose when K has four axes?",
            "Name the two axes that change places from the back.",
        ),
    ),
)
