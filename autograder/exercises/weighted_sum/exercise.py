"""weighted_sum(weights, V): each query gets a mix of all values."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Part, call
from autograder.exercises.array_layouts import by_columns, every_other, read_only
from autograder.exercises.weighted_sum.misconceptions import MISCONCEPTIONS
from autograder.exercises.weighted_sum.reference import weighted_sum

Array = np.ndarray[Any, Any]

# Hidden inputs. Every length differs from the others, and rows of weights sum to 1 unless a case says otherwise.


def shares(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    weights = rng.uniform(0.1, 1, shape)
    return weights / weights.sum(axis=-1, keepdims=True)


def mixing(rng: np.random.Generator, batch: tuple[int, ...] = (), n_q: int = 3, n_k: int = 5, d_v: int = 4) -> Call:
    return call(shares(rng, (*batch, n_q, n_k)), rng.normal(0, 2, (*batch, n_k, d_v)))


def any_weights(rng: np.random.Generator) -> Call:
    return call(rng.normal(0, 2, (3, 5)), rng.normal(0, 2, (5, 4)))


def weights_that_sum_to_two(rng: np.random.Generator) -> Call:
    return call(2 * shares(rng, (2, 4)), rng.normal(0, 2, (4, 3)))


def a_row_of_zeros(rng: np.random.Generator) -> Call:
    weights = shares(rng, (3, 4))
    weights[1] = 0
    return call(weights, rng.normal(0, 2, (4, 2)))


def small_weights_of_large_values(rng: np.random.Generator) -> Call:
    return call(rng.uniform(1e-7, 1e-6, (3, 5)), rng.normal(0, 1e6, (5, 4)))


def whole_numbers(rng: np.random.Generator) -> Call:
    weights = rng.integers(-4, 5, (3, 5))
    weights[:, 4] += 1 - weights.sum(axis=1)
    return call(weights, rng.integers(-4, 5, (5, 4)))


def shares_of_whole_numbers(rng: np.random.Generator) -> Call:
    return call(shares(rng, (3, 5)), rng.integers(1, 9, (5, 4)))


WEIGHTS = np.array([[0.5, 0.5, 0.0], [0.25, 0.0, 0.75]])
VALUES = np.array([[8.0, 0.0, 1.0, 4.0], [0.0, 4.0, 1.0, 2.0], [4.0, 8.0, 1.0, 0.0]])
WHOLE = np.array([[1, 3], [2, 4]])
FROZEN = np.array([[0.4, 0.6]])
FROZEN.flags.writeable = False

EXERCISE = Exercise(
    function="weighted_sum",
    reference=weighted_sum,
    returns=(Part("mixes", may_be_integer=True),),
    criteria=(
        Criterion(
            "mixes the values",
            points=2,
            cases=(
                Case("three queries and five keys", "core", mixing),
                # The one case whose lengths are equal: here a wrong transpose gives numbers instead of an error.
                Case("as many queries, keys and components", "core", partial(mixing, n_q=4, n_k=4, d_v=4)),
                Case("more queries than keys", "rect", partial(mixing, n_q=6, n_k=2, d_v=3)),
                Case("one query", "rect", partial(mixing, n_q=1)),
                Case("one key", "rect", partial(mixing, n_k=1)),
                Case("one component", "rect", partial(mixing, d_v=1)),
                Case("any weights, also negative ones", "linear", any_weights),
                Case("weights that sum to 2", "linear", weights_that_sum_to_two),
                Case("a query whose weights are all 0", "linear", a_row_of_zeros),
                Case("small weights of large values", "linear", small_weights_of_large_values),
                Case("numbers of your own", "hardcode", mixing),
                Case("a plain array comes back", "type", mixing),
            ),
            examples=(
                Example("core", call(WEIGHTS, VALUES)),
                Example("core", call(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([[9.0, 2.0], [4.0, 0.0]]))),
                Example("linear", call(np.array([[2.0, 0.0], [1.0, -1.0]]), np.array([[3.0], [5.0]]))),
                Example("rect", call(WEIGHTS[:1], VALUES[:, :1])),
            ),
        ),
        Criterion(
            "stacks of sentences",
            points=1,
            cases=(
                Case("a stack of sentences", "batch", partial(mixing, batch=(2,))),
                Case("a stack of stacks", "batch", partial(mixing, batch=(2, 6))),
                Case(
                    "stacks of stacks stored by columns",
                    "batch",
                    by_columns(partial(mixing, batch=(2, 6))),
                    needs=("pure",),
                ),
                Case("a stack of one sentence", "batch", partial(mixing, batch=(1,))),
            ),
            examples=(
                Example("batch", call(np.stack([WEIGHTS, WEIGHTS[::-1]]), np.stack([VALUES, VALUES * 2]))),
                Example("batch", call(WEIGHTS[None, :1], VALUES[None, :, :2])),
                Example("batch", call(np.full((2, 1, 1, 2), 0.5), np.array([[[[1.0], [3.0]]], [[[5.0], [9.0]]]]))),
            ),
        ),
        Criterion(
            "any array of numbers",
            points=1,
            cases=(
                Case("whole numbers", "dtype", whole_numbers),
                Case("shares of whole numbers", "dtype", shares_of_whole_numbers),
                Case("arrays that must stay as they are", "pure", mixing),
                Case("read-only arrays", "pure", read_only(mixing)),
                Case("arrays stored by columns", "pure", by_columns(mixing)),
                Case("every other column of larger arrays", "pure", every_other(mixing)),
            ),
            examples=(
                Example("dtype", call(np.array([[0.3, 0.7]]), WHOLE)),
                Example("dtype", call(np.array([[0.3, 0.7]]), np.array([[0.0], [0.0002]]))),
                Example("pure", call(WEIGHTS, VALUES * 0.5)),
                Example("pure", call(FROZEN, np.array([[1.0], [2.0]]))),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    hints={
        "core": Hint(
            "Row i of the result is the first value times weights[i, 0], plus the second times weights[i, 1], …",
            "Which weights and which values does the first number of your result come from?",
            "Mix two values on paper with weights [0.5, 0.5]: the result lies halfway. Then print your own numbers.",
        ),
    },
)
