"""scaled_dot_product_attention(Q, K, V, mask=None): the whole formula, made of four steps."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Part, Scored, call
from autograder.exercises.array_layouts import Draw, by_columns, every_other, read_only
from autograder.exercises.scaled_dot_product_attention.misconceptions import MISCONCEPTIONS
from autograder.exercises.scaled_dot_product_attention.reference import blocked, scaled, scaled_dot_product_attention

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None
YES, NO = True, False


# Hidden inputs. Every length differs from the others, d_v from d_k too, except in one sentence that asks itself.


def inputs(
    rng: np.random.Generator, batch: tuple[int, ...] = (), n_q: int = 3, n_k: int = 5, d_k: int = 2, d_v: int = 4
) -> tuple[Array, Array, Array]:
    Q, K = rng.normal(0, 1.5, (*batch, n_q, d_k)), rng.normal(0, 1.5, (*batch, n_k, d_k))
    return Q, K, rng.normal(0, 2, (*batch, n_k, d_v))


def everybody(rng: np.random.Generator, **lengths: Any) -> Call:
    return call(*inputs(rng, **lengths))


def two_of_five(rng: np.random.Generator, *rows: int) -> Array:
    """Draw a mask that blocks two random keys of five in each row."""
    return rng.permuted(np.tile([True, True, True, False, False], (*rows, 1)), axis=-1).reshape(*rows, 5)


def masked(rng: np.random.Generator, rows: tuple[int, ...] = (3,), **lengths: Any) -> Call:
    return call(*inputs(rng, **lengths), mask=two_of_five(rng, *rows))


def before_me_only(rng: np.random.Generator) -> Call:
    return call(*inputs(rng, n_q=4, n_k=4, d_k=3, d_v=2), mask=np.tri(4, dtype=bool))


def one_key_each(rng: np.random.Generator) -> Call:
    return call(*inputs(rng), mask=rng.permuted(np.eye(3, 5, dtype=bool), axis=-1))


def nothing_blocked(rng: np.random.Generator) -> Call:
    return call(*inputs(rng), mask=np.ones((3, 5), dtype=bool))


def one_mask_for_all_queries(rng: np.random.Generator) -> Call:
    return call(*inputs(rng, n_q=5, d_k=3, d_v=2), mask=two_of_five(rng))


def nobody_for_one_query(rng: np.random.Generator, batch: tuple[int, ...] = ()) -> Call:
    mask = two_of_five(rng, *batch, 3)
    mask[..., 1, :] = False
    return call(*inputs(rng, batch), mask=mask)


def nobody_for_another_query_in_each_sentence(rng: np.random.Generator) -> Call:
    mask = two_of_five(rng, 6, 3)
    mask[range(6), [0, 1, 2, 2, 1, 0]] = False
    return call(*inputs(rng, (6,)), mask=mask)


def nobody_for_anybody(rng: np.random.Generator) -> Call:
    return call(*inputs(rng), mask=np.zeros((3, 5), dtype=bool))


def read_only_mask(draw: Draw, rng: np.random.Generator) -> Call:
    drawn = draw(rng)
    drawn.kwargs["mask"].flags.writeable = False
    return drawn


def read_only_queries(rng: np.random.Generator) -> Call:
    drawn = everybody(rng)
    drawn.args[0].flags.writeable = False
    return drawn


def with_offsets(rng: np.random.Generator, query: list[float], key: list[float]) -> tuple[Array, Array, Array]:
    """Draw inputs whose scaled scores lie near query[i] * key[j]: one component sets them, the rest adds noise."""
    Q, K, V = inputs(rng, n_q=len(query), n_k=len(key), d_k=4, d_v=2)
    Q[:, 0], K[:, 0] = 2 * np.array(query), key
    return Q, K, V


def keys_far_apart(rng: np.random.Generator) -> Call:
    return call(*with_offsets(rng, [1, 0.5, -1], [0, 9e4, 9e4, -9e4, -9e4]))


def queries_far_apart(rng: np.random.Generator) -> Call:
    return call(*with_offsets(rng, [0, -2_000, 9e4, -9e4, 1], [1, 1, 1]))


def all_very_negative(rng: np.random.Generator) -> Call:
    return call(*with_offsets(rng, [-5_000, -5_000], [1, 1, 1]))


def loud_but_blocked(rng: np.random.Generator) -> Call:
    # Scores up to ±1e5 are in the contract, and "the rest of the row sums to 1" holds for them too. So -10,000 is no
    # safe stand-in for a blocked score, and a shift by the maximum of all keys, blocked ones included, is too large.
    key_1_blocked = np.array([[True, False, True, True, True], [False, False, True, True, False]])
    return call(*with_offsets(rng, [1, 0.05], [-9e4, 9e4, -9e4, -9e4, -9e4]), mask=key_1_blocked)


def low_but_allowed(rng: np.random.Generator) -> Call:
    # Too low for -100 as a stand-in for a blocked score, and not for -1,000.
    mask = np.array([[YES, NO, YES, YES, NO]] * 3)
    return call(*with_offsets(rng, [1, 1.2, 0.9], [-500, 0, -500, -500, 0]), mask=mask)


def whole_numbers(rng: np.random.Generator) -> Call:
    """Draw integer inputs in which every product counts: no query component is 0, and no two keys share one."""
    queries = rng.choice([-2, -1, 1, 2], (3, 2))
    return call(queries, rng.permutation(np.arange(-4, 6)).reshape(5, 2), rng.integers(1, 9, (5, 4)))


# Two queries, three keys, d_k = 4, so that scores are halved; two components a value.
QUERIES = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 2.0, 2.0, 0.0]])
KEYS = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [2.0, 0.0, 0.0, 1.0]])
VALUES = np.array([[10.0, 0.0], [0.0, 10.0], [10.0, 10.0]])
WHOLE = np.array([[1, 0], [0, 2]])
FROZEN = np.array([[0.5, 0.1]])
FROZEN.flags.writeable = False
LOUD = np.array([[-5e4], [5e4], [5e4]])
FROZEN_MASK = np.array([[False, False, False]])
FROZEN_MASK.flags.writeable = False


def behind_weights(Q: Array, K: Array, V: Array, mask: Array | None = None) -> Scored:
    """Return the scaled scores behind the weights, and which keys are allowed."""
    return Scored(scaled(Q, K), divisor=float(np.sqrt(Q.shape[-1])), allowed=~blocked(Q, K, V, mask))


EXERCISE = Exercise(
    function="scaled_dot_product_attention",
    reference=scaled_dot_product_attention,
    returns=(Part("output"), Part("weights", weights=True, must_be_zero=blocked)),
    scored=behind_weights,
    criteria=(
        Criterion(
            "the whole formula",
            points=3,
            cases=(
                Case("three queries and five keys", "core", everybody),
                Case("a sentence that asks itself", "core", partial(everybody, n_q=4, n_k=4, d_k=3, d_v=2)),
                # Here K in place of its transpose gives numbers instead of an error.
                Case("as many keys as components", "core", partial(everybody, n_k=4, d_k=4, d_v=2)),
                Case("more queries than keys", "rect", partial(everybody, n_q=6, n_k=2, d_k=3, d_v=5)),
                Case("one query", "rect", partial(everybody, n_q=1)),
                Case("one key", "rect", partial(everybody, n_k=1)),
                Case("queries and keys of one component", "rect", partial(everybody, d_k=1)),
                Case("values of one component", "rect", partial(everybody, d_v=1)),
                Case("numbers of your own", "hardcode", everybody),
                Case("two plain arrays come back", "type", everybody),
            ),
            examples=(
                Example("core", call(QUERIES, KEYS, VALUES)),
                Example("core", call(QUERIES[:, 1:3], KEYS[:2, 1:3], VALUES[:2, :1])),
                Example("rect", call(QUERIES[:1], KEYS[1:], VALUES[1:, :1])),
            ),
        ),
        Criterion(
            "stacks of sentences",
            points=1,
            cases=(
                Case("a stack of sentences", "batch", partial(everybody, batch=(6,))),
                Case("a stack of stacks", "batch", partial(everybody, batch=(6, 7), n_q=3, n_k=2, d_k=5)),
                Case(
                    "stacks of stacks stored by columns",
                    "batch",
                    by_columns(partial(everybody, batch=(2, 6))),
                    needs=("pure",),
                ),
                # Here K.T gives numbers instead of an error, and so differs from code that knows two axes only.
                Case(
                    "as many sentences as keys and components",
                    "batch",
                    partial(everybody, batch=(4,), n_k=4, d_k=4, d_v=2),
                ),
                # Here np.dot gives numbers instead of an error, and so differs from K.T.
                Case("a stack of one sentence", "batch", partial(everybody, batch=(1,))),
            ),
            examples=(
                Example("batch", call(QUERIES[None], KEYS[None, :2], VALUES[None, :2])),
                Example(
                    "batch", call(QUERIES[:, None], np.stack([KEYS[:2], KEYS[1:]]), np.stack([VALUES[:2], VALUES[1:]]))
                ),
            ),
        ),
        Criterion(
            "no overflow",
            points=1,
            cases=(
                Case("keys far apart", "stable", keys_far_apart),
                Case("queries far apart", "stable", queries_far_apart),
                Case("only very negative scores", "stable", all_very_negative),
            ),
            examples=(
                Example("stable", call(QUERIES * 1000, KEYS, VALUES)),
                Example("stable", call(np.array([[-4e4], [1.0]]), np.array([[1.0], [1.0], [1.1]]), VALUES)),
            ),
        ),
        Criterion(
            "blocked keys get nothing",
            points=2,
            cases=(
                Case("two keys blocked for each query", "mask", masked),
                Case("each word sees itself and those before it", "mask", before_me_only),
                Case("one key allowed for each query", "mask", one_key_each),
                Case("a mask that blocks nothing", "mask", nothing_blocked),
            ),
            examples=(
                Example("mask", call(QUERIES, KEYS, VALUES, mask=np.array([[YES, YES, NO], [NO, YES, NO]]))),
                Example("mask", call(QUERIES, KEYS, VALUES, mask=np.array([[YES, YES, YES], [YES, NO, YES]]))),
            ),
        ),
        Criterion(
            "masks of every kind",
            points=1,
            cases=(
                Case("one mask for all queries", "mask-broadcast", partial(masked, rows=())),
                Case("one mask for a sentence that asks itself", "mask-broadcast", one_mask_for_all_queries),
                Case(
                    "one row of keys for a stack",
                    "mask-broadcast",
                    partial(masked, rows=(), batch=(6,)),
                    needs=("batch",),
                ),
                Case("one mask for a stack", "mask-broadcast", partial(masked, batch=(6,)), needs=("batch",)),
                Case(
                    "a mask for each sentence",
                    "mask-broadcast",
                    partial(masked, rows=(6, 3), batch=(6,)),
                    needs=("batch",),
                ),
                Case(
                    "a row of keys for each sentence",
                    "mask-broadcast",
                    partial(masked, rows=(6, 1), batch=(6,)),
                    needs=("batch",),
                ),
                Case(
                    "a row of keys for each sentence of a stack of stacks",
                    "mask-broadcast",
                    partial(masked, rows=(2, 6, 1), batch=(2, 6)),
                    needs=("batch",),
                ),
                Case(
                    "a mask for each sentence of a stack of stacks",
                    "mask-broadcast",
                    partial(masked, rows=(2, 6, 3), batch=(2, 6)),
                    needs=("batch",),
                ),
                Case("allowed keys with low scores", "mask", low_but_allowed, needs=("stable",)),
                Case("a blocked key with the largest score by far", "mask", loud_but_blocked, needs=("stable",)),
                # Not of the clause "pure", which looks at every argument: a changed Q would cost this point as well.
                Case("a read-only mask", "mask", partial(read_only_mask, masked), needs=("pure",)),
                Case("a mask stored by columns", "mask", by_columns(masked), needs=("pure",)),
            ),
            examples=(
                Example("mask-broadcast", call(QUERIES, KEYS, VALUES, mask=np.array([YES, NO, YES]))),
                Example(
                    "mask-broadcast",
                    call(
                        np.stack([QUERIES, QUERIES[::-1]]),
                        np.stack([KEYS[:2], KEYS[1:]]),
                        np.stack([VALUES[:2], VALUES[1:]]),
                        mask=np.array([[[YES, YES]], [[NO, YES]]]),
                    ),
                ),
                Example("mask", call(np.array([[-1.0], [-0.01]]), LOUD, VALUES, mask=np.array([[NO, YES, YES]] * 2))),
            ),
        ),
        Criterion(
            "nobody to ask",
            points=1,
            cases=(
                Case("one query may ask nobody", "fully-masked", nobody_for_one_query),
                Case(
                    "another query of each sentence may ask nobody",
                    "fully-masked",
                    nobody_for_another_query_in_each_sentence,
                    needs=("batch",),
                ),
                Case("nobody may ask anybody", "fully-masked", nobody_for_anybody),
                Case(
                    "one query of each sentence may ask nobody",
                    "fully-masked",
                    partial(nobody_for_one_query, batch=(6,)),
                    needs=("batch",),
                ),
                Case(
                    "a read-only mask that allows one query nobody",
                    "fully-masked",
                    partial(read_only_mask, nobody_for_one_query),
                    needs=("pure",),
                ),
            ),
            examples=(
                Example("fully-masked", call(QUERIES, KEYS, VALUES, mask=np.array([[NO, NO, NO], [YES, YES, NO]]))),
                Example("fully-masked", call(QUERIES[:1], KEYS, VALUES, mask=FROZEN_MASK)),
            ),
        ),
        Criterion(
            "any array of numbers",
            points=1,
            cases=(
                Case("whole numbers", "dtype", whole_numbers),
                Case("arrays that must stay as they are", "pure", everybody),
                Case("read-only arrays", "pure", read_only(everybody)),
                Case("read-only queries", "pure", read_only_queries),
                Case("arrays stored by columns", "pure", by_columns(everybody)),
                Case("every other column of larger arrays", "pure", every_other(everybody)),
            ),
            examples=(
                Example("dtype", call(WHOLE, WHOLE, np.array([[3], [8]]))),
                Example("pure", call(QUERIES, KEYS, VALUES * 0.5)),
                Example("pure", call(FROZEN, FROZEN, np.array([[1.0]]))),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    hints={
        "core": Hint(
            "Four steps make the result: scores, scaling, softmax over the keys, and the mix of the values.",
            "Which of the four is the first whose result differs from the example's?",
            "Print what each of the four gives, and compare one row with a computation on paper.",
        ),
        "type": Hint(
            "A tuple of two plain numpy arrays comes back: output and weights.",
            "What does type(...) say about the thing you return, and about each of the two?",
            "End with `return output, weights`.",
        ),
    },
)
