"""Wrong programs that people really write for attention_scores, the likeliest first, each with its hint."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception
from autograder.exercises.attention_scores.reference import attention_scores

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
        "scores-dot-on-stacks",
        "batch",
        dot_on_stacks,
        Hint(
            "The queries of one sentence meet only the keys of that sentence.",
            "For two sentences np.dot gives shape (2, n_q, 2, n_k). Who meets whom in it?",
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
        "scores-reshapes-keys",
        "core",
        reshapes_keys,
        Hint(
            "Swapping two axes moves each number to its mirror place; reshape only cuts the same sequence anew.",
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
        Hint(
            "About nine digits have to be right, and float32 keeps about seven.",
            "What does .dtype say after each step of your code?",
            "Leave the numbers in float64, numpy's own choice.",
        ),
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
)
