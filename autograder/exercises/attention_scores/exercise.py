"""attention_scores(Q, K): every query meets every key, and each meeting gives one number."""

from __future__ import annotations

from functools import partial
from math import fsum
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Misconception, Part, call
from autograder.exercises._draw import by_columns, every_other, read_only

Array = np.ndarray[Any, Any]


def attention_scores(Q: Array, K: Array) -> Array:
    """The oracle: one dot product at a time, its sum rounded only once.

    Args:
        Q: queries, shape (…, n_q, d_k), no unit.
        K: keys, shape (…, n_k, d_k), with the same leading axes.

    Returns:
        float64 scores, shape (…, n_q, n_k): entry (i, j) is the dot product of query i and key j.

    Source: Luong, Pham and Manning 2015, arXiv:1508.04025, section 3.1; Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    scores = np.empty((*Q.shape[:-1], K.shape[-2]))
    for *batch, i, j in np.ndindex(scores.shape):
        query, key = Q[(*batch, i)], K[(*batch, j)]
        scores[(*batch, i, j)] = fsum(float(q) * float(k) for q, k in zip(query, key, strict=True))
    return scores


# Hidden inputs. Every length differs from the others, so that no transpose goes unnoticed.


def vectors(rng: np.random.Generator, batch: tuple[int, ...] = (), n_q: int = 3, n_k: int = 5, d_k: int = 4) -> Call:
    return call(rng.normal(0, 2, (*batch, n_q, d_k)), rng.normal(0, 2, (*batch, n_k, d_k)))


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-4, 5, (3, 4)), rng.integers(-4, 5, (5, 4)))


def whole_numbers_and_fractions(rng: np.random.Generator) -> Call:
    return call(rng.integers(1, 9, (3, 4)), rng.normal(0, 2, (5, 4)))


# Wrong programs that people really write, the likeliest first.


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


QUERIES = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]])
KEYS = np.array([[1.0, 1.0, 0.0], [2.0, 0.0, 1.0], [0.0, 3.0, 1.0], [1.0, 2.0, 2.0]])
WHOLE = np.array([[1, 2], [3, 0]])
TENTHS = np.array([[0.1, 0.7], [0.5, 1.0], [0.0, 0.3]])
FROZEN = np.array([[1.0, 0.5]])
FROZEN.flags.writeable = False

EXERCISE = Exercise(
    function="attention_scores",
    reference=attention_scores,
    returns=(Part("scores", may_be_integer=True),),
    criteria=(
        Criterion(
            "every query meets every key",
            points=2,
            cases=(
                Case("three queries and five keys", "core", vectors),
                # The one case whose lengths are equal: here a wrong transpose gives numbers instead of an error.
                Case("as many queries, keys and components", "core", partial(vectors, n_q=4, n_k=4, d_k=4)),
                Case("more queries than keys", "rect", partial(vectors, n_q=6, n_k=2, d_k=3)),
                Case("one query", "rect", partial(vectors, n_q=1)),
                Case("one key", "rect", partial(vectors, n_k=1)),
                Case("one component", "rect", partial(vectors, d_k=1)),
                Case("numbers of your own", "hardcode", vectors),
                Case("a plain array comes back", "type", vectors),
            ),
            examples=(
                Example("core", call(QUERIES, KEYS)),
                Example("core", call(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 0.0], [1.0, 2.0]]))),
                Example("rect", call(QUERIES[:1], KEYS[:3])),
            ),
        ),
        Criterion(
            "stacks of sentences",
            points=1,
            cases=(
                Case("a stack of sentences", "batch", partial(vectors, batch=(2,))),
                Case("a stack of stacks", "batch", partial(vectors, batch=(2, 6))),
            ),
            examples=(
                Example("batch", call(np.stack([QUERIES, QUERIES[::-1]]), np.stack([KEYS[:3], KEYS[1:]]))),
                Example("batch", call(np.ones((2, 1, 1, 2)), np.array([[[[1.0, 2.0]]], [[[3.0, 4.0]]]]))),
            ),
        ),
        Criterion(
            "any array of numbers",
            points=1,
            cases=(
                Case("whole numbers", "dtype", whole_numbers),
                Case("whole numbers and fractions", "dtype", whole_numbers_and_fractions),
                Case("arrays that must stay as they are", "pure", vectors),
                Case("read-only arrays", "pure", read_only(vectors)),
                Case("arrays stored by columns", "pure", by_columns(vectors)),
                Case("every other component of larger arrays", "pure", every_other(vectors)),
            ),
            examples=(
                Example("dtype", call(WHOLE, TENTHS)),
                Example("pure", call(QUERIES * 0.5, KEYS[:3])),
                Example("pure", call(FROZEN, TENTHS)),
            ),
        ),
    ),
    misconceptions=(
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
    ),
    hints={
        "core": Hint(
            "Entry (i, j) is the dot product of query i and key j: products of their components, added up.",
            "Which query and which key does your first number come from?",
            "Take one query and one key of the example, compute their score by hand, and look for it in your result.",
        ),
    },
)
