"""attention_scores(Q, K): every query meets every key, and each meeting gives one number."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Part, call
from autograder.exercises.array_layouts import by_columns, every_other, read_only
from autograder.exercises.attention_scores.misconceptions import MISCONCEPTIONS
from autograder.exercises.attention_scores.reference import attention_scores

Array = np.ndarray[Any, Any]

# Hidden inputs. Every length differs from the others, so that no transpose goes unnoticed.


def vectors(rng: np.random.Generator, batch: tuple[int, ...] = (), n_q: int = 3, n_k: int = 5, d_k: int = 4) -> Call:
    return call(rng.normal(0, 2, (*batch, n_q, d_k)), rng.normal(0, 2, (*batch, n_k, d_k)))


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-4, 5, (3, 4)), rng.integers(-4, 5, (5, 4)))


def whole_numbers_and_fractions(rng: np.random.Generator) -> Call:
    return call(rng.integers(1, 9, (3, 4)), rng.normal(0, 2, (5, 4)))


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
                Example("core", call(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 0.0], [-2.5, 0.25]]))),
                Example("rect", call(QUERIES[:1], KEYS[:3])),
            ),
        ),
        Criterion(
            "stacks of sentences",
            points=1,
            cases=(
                Case("a stack of sentences", "batch", partial(vectors, batch=(2,))),
                Case("a stack of stacks", "batch", partial(vectors, batch=(2, 6))),
                Case(
                    "stacks of stacks stored by columns",
                    "batch",
                    by_columns(partial(vectors, batch=(2, 6))),
                    needs=("pure",),
                ),
                Case("a stack of one sentence", "batch", partial(vectors, batch=(1,))),
                # Here K.T gives numbers instead of an error, and so differs from code that knows two axes only.
                Case("one key of one component", "batch", partial(vectors, batch=(2,), n_k=1, d_k=1)),
            ),
            examples=(
                Example("batch", call(np.stack([QUERIES, QUERIES[::-1]]), np.stack([KEYS[:3], KEYS[1:]]))),
                Example("batch", call(QUERIES[None], KEYS[None, :2])),
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
                Example("dtype", call(np.array([[0.01, 0.5]]), np.array([[0.013, 0.0]]))),
                Example("pure", call(QUERIES * 0.5, KEYS[:3])),
                Example("pure", call(FROZEN, TENTHS)),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    hints={
        "core": Hint(
            "Entry (i, j) is the dot product of query i and key j: products of their components, added up.",
            "Which query and which key does your first number come from?",
            "Take one query and one key of the example, compute their score on paper, and look for it in your result.",
        ),
    },
)
