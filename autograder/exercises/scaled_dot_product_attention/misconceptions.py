"""Wrong programs that people really write for scaled_dot_product_attention, each with its hint.

Mistakes in one of the four steps (`step_misconceptions.py`) come first, then those of the whole, the likeliest first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.contract import Hint
from autograder.exercise import Misconception, Program
from autograder.exercises.correct_functions import scaled, scaled_dot_product_attention, softmax, weighted_sum
from autograder.exercises.scale_scores import misconceptions as of_scaling
from autograder.exercises.scaled_dot_product_attention.step_misconceptions import (
    DRAFT_MISTAKES,
    STEP_MISTAKES,
    compose,
    compose_draft,
    compose_without_mask,
    in_a_draft,
    without_mask,
)
from autograder.exercises.shared_hints import FLOAT32, NOTHING, ROUNDED

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None


def root_of_d_v(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return compose(scale=lambda scores, d_k: scores / np.sqrt(V.shape[-1]))(Q, K, V, mask)


def scales_after_softmax(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return compose(scale=lambda scores, d_k: scores, weigh=lambda scores: softmax(scores) / np.sqrt(Q.shape[-1]))(
        Q, K, V, mask
    )


def scales_queries_in_place(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    Q /= np.sqrt(Q.shape[-1])
    return compose(scale=lambda scores, d_k: scores)(Q, K, V, mask)


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


def same_shape_only_in_a_draft(fill: float) -> Program:
    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        scores = scaled(Q, K)
        if mask is not None:
            scores[~mask] = fill
        weights = softmax(scores)
        return weighted_sum(weights, V), weights

    return program


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


def too_weak(fill: int, question: str, source: str = "") -> Misconception:
    """Blocked scores become a number that is low, and not low enough."""
    hint = Hint(
        "A blocked weight is exactly 0, whatever the allowed scores are, and these may be as low as -100,000.",
        question,
        "Use a number far below any score, such as -1e30, and set blocked weights to 0 once more after softmax.",
    )
    return Misconception(f"attention-fill-minus-{fill}", "mask", compose_draft(-fill), hint, source)


def scales_keys_in_place(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    K /= np.sqrt(K.shape[-1])
    return compose(scale=lambda scores, d_k: scores)(Q, K, V, mask)


def scales_values(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return compose(scale=of_scaling.missing)(Q, K, V / np.sqrt(Q.shape[-1]), mask)


def queries_meet_queries(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, Q, V, mask)


def keys_meet_keys(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(K, K, V, mask)


def needs_a_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask & True)  # type: ignore[operator]


def no_mask_blocks_everything(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(np.where(mask, scaled(Q, K), -1e9))  # type: ignore[arg-type]
    return weighted_sum(weights, V), weights


def asks_if_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask if mask else None)


def always_causal(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    past = np.tri(Q.shape[-2], K.shape[-2], dtype=bool)
    return scaled_dot_product_attention(Q, K, V, past if mask is None else mask & past)


def any_mask_is_causal(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    past = np.tri(Q.shape[-2], K.shape[-2], dtype=bool)
    return scaled_dot_product_attention(Q, K, V, None if mask is None else past)


def turned_round(fill: float) -> Program:
    """`np.where(mask, fill, scores)`: the mask the wrong way round in a first draft."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        return compose_draft(fill)(Q, K, V, None if mask is None else ~mask)

    return program


def adds_to_allowed_scores(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return adds_to_blocked_scores(Q, K, V, None if mask is None else ~mask)


def adds_the_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) + (0.0 if mask is None else mask))
    return weighted_sum(weights, V), weights


def infinity_times_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) + (0.0 if mask is None else (1 - mask) * -np.inf))
    return weighted_sum(weights, V), weights


def not_of_integers(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) if mask is None else np.where(~mask.astype(int), -1e9, scaled(Q, K)))
    return weighted_sum(weights, V), weights


def blocked_is_the_lowest(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    scores = scaled(Q, K)
    weights = softmax(scores if mask is None else np.where(mask, scores, scores.min()))
    return weighted_sum(weights, V), weights


def renormalises_after_mask(Q: Array, K: Array, V: Array, mask: Mask = None, little: float = 0.0) -> Any:
    weights = masks_after_softmax(Q, K, V, mask)[1]
    if mask is not None:
        weights = weights / (weights.sum(axis=-1, keepdims=True) + little)
    return weighted_sum(weights, V), weights


def renormalises_with_a_little(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return renormalises_after_mask(Q, K, V, mask, little=1e-6)


def mask_on_returned_weights_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V)[0], scaled_dot_product_attention(Q, K, V, mask)[1]


def mask_on_output_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[0], scaled_dot_product_attention(Q, K, V)[1]


def repairs_output_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = compose_draft(-np.inf)(Q, K, V, mask)
    return np.nan_to_num(output), weights


def repairs_weights_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = compose_draft(-np.inf)(Q, K, V, mask)
    return output, np.nan_to_num(weights)


def repairs_weights_of_average_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = compose_draft(-1e9)(Q, K, V, mask)
    return output, weights if mask is None else weights * mask


def repairs_when_all_is_blocked(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    if mask is not None and not mask.any():
        return scaled_dot_product_attention(Q, K, V, mask)
    return compose_draft(-np.inf)(Q, K, V, mask)


def refuses_nobody(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    if mask is not None and not mask.any(axis=-1).all():
        raise ValueError("a query may attend to no key")
    return scaled_dot_product_attention(Q, K, V, mask)


def transposes_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, None if mask is None else np.swapaxes(mask, -1, -2))


def square_masks_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    if mask is not None and mask.shape[-1] != mask.shape[-2]:
        raise ValueError("the mask is not square")
    return scaled_dot_product_attention(Q, K, V, mask)


def masks_of_two_axes_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    if mask is not None and mask.ndim != 2:
        raise ValueError("the mask has not two axes")
    return scaled_dot_product_attention(Q, K, V, mask)


def first_mask_for_all(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask[0] if mask is not None and mask.ndim > 2 else mask)


def mask_for_heads(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) if mask is None else np.where(mask[..., None, :, :], scaled(Q, K), -1e9))
    return np.matmul(weights, V), weights


def returns_unscaled_weights(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[0], compose(scale=of_scaling.missing)(Q, K, V, mask)[1]


def returns_weights_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return scaled_dot_product_attention(Q, K, V, mask)[1]


def returns_three(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return *scaled_dot_product_attention(Q, K, V, mask), scaled(Q, K)


def returns_dictionary(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    return {"output": output, "weights": weights}


def returns_nothing(Q: Array, K: Array, V: Array, mask: Mask = None) -> None:
    scaled_dot_product_attention(Q, K, V, mask)  # and no return


def rounded(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return tuple(np.round(array, 4) for array in scaled_dot_product_attention(Q, K, V, mask))


def one_query_is_a_vector(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    return (output[..., 0, :], weights[..., 0, :]) if Q.shape[-2] == 1 else (output, weights)


def squeezes_one_sentence(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    return (output[0], weights[0]) if Q.ndim > 2 and len(Q) == 1 else (output, weights)


def along_first_axis(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    return compose(weigh=lambda scores: softmax(scores, axis=0))(Q, K, V, mask)


def root_of_d_v_in_a_draft(fill: float) -> Program:
    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        return compose_draft(fill, scale=lambda scores, d_k: scores / np.sqrt(V.shape[-1]))(Q, K, V, mask)

    return program


def scales_after_softmax_in_a_draft(fill: float) -> Program:
    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        root = np.sqrt(Q.shape[-1])
        return compose_draft(fill, scale=of_scaling.missing, weigh=lambda scores: softmax(scores) / root)(Q, K, V, mask)

    return program


def along_first_axis_in_a_draft(fill: float) -> Program:
    return compose_draft(fill, weigh=lambda scores: softmax(scores, axis=0))


def returns_output_only_in_a_draft(fill: float) -> Program:
    return lambda Q, K, V, mask=None: compose_draft(fill)(Q, K, V, mask)[0]


def multiplies_scores_and_weights_by_mask(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = multiplies_scores_by_mask(Q, K, V, mask)[1] * (True if mask is None else mask)
    return weighted_sum(weights, V), weights


def no_mask_zeroes_weights(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = np.where(mask, scaled_dot_product_attention(Q, K, V, mask)[1], 0)  # type: ignore[arg-type]
    return weighted_sum(weights, V), weights


def zeroes_weights_of_the_same_shape_only(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K))
    if mask is not None:
        weights[~mask] = 0
    return weighted_sum(weights, V), weights


def mask_with_an_axis_in_front(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
    weights = softmax(scaled(Q, K) if mask is None else np.where(mask[None], scaled(Q, K), -1e9))
    return np.matmul(weights, V), weights


_OWN = (
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
    Misconception(
        "attention-along-first-axis",
        "core",
        along_first_axis,
        Hint(
            "Softmax runs along the keys, the last axis of the scores.",
            "What does axis=0 mean for scores of shape (n_q, n_k), and what for a stack?",
            "Leave the axis to its default, -1, and add up one row of the weights.",
        ),
        source="PyTorch-NLP#2",
    ),
    Misconception(
        "scale-values",
        "core",
        scales_values,
        Hint(
            "The scores are divided by the root of d_k, before softmax; the values are mixed as they are.",
            "Which array stands on the left of your division?",
            "Move the division to the scores.",
        ),
        source="pbloem/former#2",
    ),
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
        "scale-keys-in-place",
        "pure",
        scales_keys_in_place,
        Hint(
            "Scaling the keys first is right; the caller's keys have to stay as they were.",
            "What does `/=` do with the array on its left, and whose array is that?",
            "Write the quotient to a new array.",
        ),
        source="SO 11585793",
    ),
    Misconception(
        "attention-nobody-is-nan",
        "fully-masked",
        compose_draft(-np.inf),
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
        compose_draft(-1e9),
        Hint(
            "A query that may attend to no key has weights 0 and output 0.",
            "This word may look at nobody. Why does it receive an average of everybody?",
            "After softmax, set the weights of blocked keys to 0 once more.",
        ),
        source="apex#1390",
    ),
    Misconception(
        "attention-nobody-repairs-output-only",
        "fully-masked",
        repairs_output_only,
        Hint(
            "A query that may attend to no key has an output of 0 and weights of 0, both.",
            "Your output is 0 there. What do the weights say that come back beside it?",
            "Repair the weights first, and mix the values with the repaired ones.",
        ),
    ),
    Misconception(
        "attention-nobody-repairs-weights-only",
        "fully-masked",
        repairs_weights_only,
        Hint(
            "A query that may attend to no key has weights of 0 and an output of 0, both.",
            "Which weights made your output: those before the repair or those after it?",
            "Repair the weights before they meet the values.",
        ),
    ),
    Misconception(
        "attention-nobody-average-in-output",
        "fully-masked",
        repairs_weights_of_average_only,
        Hint(
            "A query that may attend to no key has weights of 0 and an output of 0, both.",
            "Your weights are 0 there, and the output is an average. Which of the two was worked out first?",
            "Set blocked weights to 0 before they meet the values.",
        ),
    ),
    Misconception(
        "attention-nobody-when-all-is-blocked",
        "fully-masked",
        repairs_when_all_is_blocked,
        Hint(
            "Each query is looked at alone: one may ask nobody while the others may ask somebody.",
            "Does your check look at the whole mask or at each row of it?",
            "Ask along the last axis whether a row allows any key.",
        ),
    ),
    Misconception(
        "attention-nobody-raises",
        "fully-masked",
        refuses_nobody,
        Hint(
            "A mask may leave a query nobody to ask: its weights and its output are then 0.",
            "Which line of your code raises, and what could it give instead?",
            "Go on with zeros for that row, and leave the other rows as they are.",
        ),
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
        "attention-mask-after-softmax-of-the-same-shape-only",
        "mask",
        zeroes_weights_of_the_same_shape_only,
        Hint(
            "Where keys are blocked, the weights that remain still sum to 1, and masks of other shapes work, too.",
            "Which keys did your softmax share the total among, before the mask came?",
            "Apply the mask to the scores with np.where, before softmax.",
        ),
    ),
    Misconception(
        "attention-renormalises-after-mask",
        "fully-masked",
        renormalises_after_mask,
        Hint(
            "Masking after softmax and dividing once more works, until all that is left of a row is 0.",
            "What is 0 divided by 0, and when is the sum of the remaining weights 0?",
            "Block the scores before softmax, and treat a row without allowed keys by itself.",
        ),
        source="pointer-generator#88",
    ),
    Misconception(
        "attention-renormalises-with-a-little",
        "mask",
        renormalises_with_a_little,
        Hint(
            "The weights that a mask leaves sum to 1, to nine digits.",
            "What is the small number in your denominator for, and how many digits does it cost?",
            "Block the scores before softmax: then nothing is left to divide.",
        ),
    ),
    Misconception(
        "attention-mask-on-output-only",
        "mask",
        mask_on_output_only,
        Hint(
            "The weights that come back are those that made the output: blocked ones are exactly 0.",
            "Which of your arrays was worked out before the mask came?",
            "Return the weights that met the values.",
        ),
    ),
    Misconception(
        "attention-mask-on-returned-weights-only",
        "mask",
        mask_on_returned_weights_only,
        Hint(
            "Blocked keys have no part in the output, either.",
            "Which weights met the values in your code: those before the mask or those after it?",
            "Mask first, and use the same weights for the output and for the return.",
        ),
    ),
    Misconception(
        "attention-mask-times-scores",
        "mask",
        multiplies_scores_by_mask,
        Hint(
            "A blocked key gets a weight of exactly 0.",
            "A blocked score became 0, or -1e-9, which is almost 0. What is exp(0)?",
            "Replace blocked scores by a very low number: np.where(mask, scores, -1e30).",
        ),
        source="good-features#1, RibonanzaNet#5",
    ),
    Misconception(
        "attention-mask-times-scores-and-weights",
        "mask",
        multiplies_scores_and_weights_by_mask,
        Hint(
            "Where keys are blocked, the weights that remain still sum to 1.",
            "A blocked score became 0. Which share of the row did exp(0) take, before you set its weight to 0?",
            "Replace blocked scores by a very low number instead of multiplying them.",
        ),
    ),
    Misconception(
        "attention-adds-the-mask",
        "mask",
        adds_the_mask,
        Hint(
            "A blocked key gets a weight of exactly 0.",
            "In a sum True counts as 1. By how much does your mask lower a blocked score?",
            "Replace blocked scores by a very low number instead of adding the mask.",
        ),
    ),
    Misconception(
        "attention-fill-plus-infinity",
        "mask",
        compose_draft(np.inf),
        Hint(
            "A blocked score has to be far below every other.",
            "How many minus signs stand before inf in your code, and what do two of them make?",
            "Print the blocked scores before softmax: they should be low.",
        ),
    ),
    Misconception(
        "attention-infinity-times-mask",
        "mask",
        infinity_times_mask,
        Hint(
            "Where the mask is True the score stays as it is.",
            "What is 0 times infinity in numpy?",
            "Choose between score and low number with np.where, which multiplies nothing.",
        ),
        source="reformers#3",
    ),
    Misconception(
        "attention-blocked-is-the-lowest",
        "mask",
        blocked_is_the_lowest,
        Hint(
            "A blocked weight is exactly 0, so a blocked score has to lie far below the lowest allowed one.",
            "What weight does the lowest of your scores get?",
            "Use a number that no score can come near.",
        ),
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
        "attention-mask-turned-round-and-average",
        "mask",
        turned_round(-1e9),
        Hint(
            "In this course True means: this query may attend to this key.",
            "Which keys have a weight of 0 in your result, those with False or those with True?",
            "Swap the last two arguments of np.where. Then look at a row that allows no key.",
        ),
        source="x-transformers#160, TransformerEngine#614",
    ),
    Misconception(
        "attention-mask-turned-round-and-nan",
        "mask",
        turned_round(-np.inf),
        Hint(
            "In this course True means: this query may attend to this key.",
            "Which scores become -inf in your code, and what is left of a row when the mask allows every key?",
            "Turn the choice round. Then look at a row that allows no key.",
        ),
        source="x-transformers#160, TransformerEngine#614",
    ),
    Misconception(
        "attention-mask-turned-round-adding",
        "mask",
        adds_to_allowed_scores,
        Hint(
            "In this course True means: this query may attend to this key.",
            "In mask * -1e9, which keys get the low number: the allowed or the blocked ones?",
            "Add the low number where the mask is False. Then look at a row that allows no key.",
        ),
        source="x-transformers#160",
    ),
    Misconception(
        "attention-not-of-integers",
        "mask",
        not_of_integers,
        Hint(
            "Only booleans have a True that `~` turns into False.",
            "What are ~1 and ~0 for whole numbers, and is any of the two 0?",
            "Leave the mask boolean, as it comes.",
        ),
    ),
    Misconception(
        "attention-asks-if-mask",
        "mask",
        asks_if_mask,
        Hint(
            "A mask is an array of many booleans; whether there is one at all is another question.",
            "What does numpy answer when `if` is asked about a whole array, or when it is compared with None by `!=`?",
            "Ask with `is` whether the mask is None.",
        ),
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
        source="pytorch#117939",
    ),
    Misconception(
        "attention-needs-a-mask",
        "core",
        needs_a_mask,
        Hint(
            "Without a mask every query may attend to every key.",
            "What does your code do with the mask when a caller gives none, so that it is None?",
            "Ask whether the mask is None before you use it.",
        ),
    ),
    Misconception(
        "attention-no-mask-blocks-everything",
        "core",
        no_mask_blocks_everything,
        Hint(
            "Without a mask every query may attend to every key.",
            "Are all your weights of a row equal? What does np.where choose when its condition is None?",
            "Ask whether the mask is None before you use it.",
        ),
    ),
    Misconception(
        "attention-no-mask-zeroes-weights",
        "core",
        no_mask_zeroes_weights,
        Hint(
            "Without a mask every query may attend to every key.",
            "Are all your weights 0 when nobody passes a mask? What does np.where choose when its condition is None?",
            "Ask whether the mask is None before you use it.",
        ),
    ),
    Misconception(
        "attention-always-causal",
        "core",
        always_causal,
        Hint(
            "Every query sees every key, unless the caller's mask says otherwise.",
            "Which line of your code hides later words, and who asked for it?",
            "Leave np.tri or np.tril out: who wants such a mask passes one.",
        ),
    ),
    Misconception(
        "attention-any-mask-is-causal",
        "mask",
        any_mask_is_causal,
        Hint(
            "The mask that the caller passes says which keys count; hiding later words is one mask of many.",
            "Which entries of the argument `mask` does your code read?",
            "Use the argument itself instead of np.tri or np.tril.",
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
    too_weak(1000, "Can an allowed score lie below -1000, and which of the two gets the weight then?"),
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
        "attention-masks-of-two-axes-only",
        "mask-broadcast",
        masks_of_two_axes_only,
        Hint(
            "A mask may have one axis, (n_k,), and for a stack also three or four.",
            "Which line of your code counts the mask's axes or gives them names?",
            "Let numpy stretch the mask over the scores: np.where does it.",
        ),
    ),
    Misconception(
        "attention-square-masks-only",
        "mask",
        square_masks_only,
        Hint(
            "A mask has a row for each query and a column for each key; the two numbers may differ.",
            "Where does your code rely on n_q and n_k being equal?",
            "Take both lengths from the scores, or leave the check out.",
        ),
    ),
    Misconception(
        "attention-transposes-mask",
        "mask",
        transposes_mask,
        Hint(
            "Rows of the mask belong to queries and columns to keys, as in the scores.",
            "Which axis of your mask lies along the keys after .T or swapaxes?",
            "Use the mask as it comes.",
        ),
    ),
    Misconception(
        "attention-first-mask-for-all",
        "mask-broadcast",
        first_mask_for_all,
        Hint(
            "In a stack each sentence may have its own mask.",
            "Whose mask is mask[0], and which sentences use it in your code?",
            "Keep the axes in front of the mask: they line up with those of the scores.",
        ),
    ),
    Misconception(
        "attention-mask-for-heads",
        "mask-broadcast",
        mask_for_heads,
        Hint(
            "The mask lines up with the last axes of the scores as it comes; this course has no axis for heads.",
            "How many axes does your mask have after the new one, and how many have the scores?",
            "Leave the mask's shape alone.",
        ),
        source="mlx-lm#1903",
    ),
    Misconception(
        "attention-mask-with-an-axis-in-front",
        "mask",
        mask_with_an_axis_in_front,
        Hint(
            "The mask lines up with the last axes of the scores as it comes.",
            "How many axes do your weights have when Q has two, and where does the new one come from?",
            "Leave the mask's shape alone.",
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
        "attention-one-query-is-a-vector",
        "rect",
        one_query_is_a_vector,
        Hint(
            "One query alone still gives an output of shape (1, d_v) and weights of shape (1, n_k).",
            "Which line of your code takes an axis away when its length is 1?",
            "Leave the axis of the queries where it is.",
        ),
    ),
    Misconception(
        "attention-squeezes-one-sentence",
        "batch",
        squeezes_one_sentence,
        Hint(
            "A stack of one sentence is still a stack: its result keeps the axis in front.",
            "Which line of your code takes an axis away, and does it ask whether it put that axis there?",
            "Leave the axes in front as they are: the four pieces need no help with them.",
        ),
    ),
    Misconception(
        "attention-keys-meet-keys",
        "core",
        keys_meet_keys,
        Hint(
            "Every query meets every key; keys do not meet one another.",
            "Which of your inputs is never used? How many rows does your output have?",
            "Put Q on the left of the first product.",
        ),
    ),
    Misconception(
        "attention-queries-meet-queries",
        "core",
        queries_meet_queries,
        Hint(
            "Every query meets every key; queries do not meet one another.",
            "Which of your inputs is never used? How many columns do your scores have?",
            "Put K, with its last two axes swapped, on the right of the first product.",
        ),
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
        "attention-returns-weights-only",
        "type",
        returns_weights_only,
        Hint(
            "Two arrays come back: the output and the weights that made it.",
            "What stands after return, and where did the mix of the values go?",
            "Return both, the output first.",
        ),
    ),
    Misconception("attention-returns-nothing", "type", returns_nothing, NOTHING),
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
        "attention-returns-unscaled-weights",
        "core",
        returns_unscaled_weights,
        Hint(
            "The weights that come back are those that made the output.",
            "Does your code apply softmax twice, and which of the two times are the scores scaled?",
            "Work the weights out once, keep them in a variable, and return that.",
        ),
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
        "attention-returns-three",
        "type",
        returns_three,
        Hint(
            "Exactly two arrays come back: the output and the weights.",
            "How many things stand after your return?",
            "Leave the scores out; print them where you want to see them.",
        ),
    ),
    Misconception(
        "attention-returns-dictionary",
        "type",
        returns_dictionary,
        Hint(
            "A tuple of two arrays comes back, which a caller takes apart as output, weights = ...",
            "Which brackets stand after your return, and what do they make?",
            "Return the two arrays with a comma between them.",
        ),
    ),
    Misconception("attention-rounded", "dtype", rounded, ROUNDED),
    Misconception(
        "attention-in-float32",
        "dtype",
        in_float32,
        FLOAT32,
    ),
)

_BY_SLUG = {mistake.slug: mistake for mistake in _OWN}
_DRAFTS = {
    "scale-by-d-v": root_of_d_v_in_a_draft,
    "scale-after-softmax": scales_after_softmax_in_a_draft,
    "attention-along-first-axis": along_first_axis_in_a_draft,
    "attention-returns-output-only": returns_output_only_in_a_draft,
    "attention-mask-of-the-same-shape-only": same_shape_only_in_a_draft,
}

MISCONCEPTIONS = (
    *STEP_MISTAKES,
    *_OWN,
    *DRAFT_MISTAKES,
    *(in_a_draft(_BY_SLUG[slug], "average", draft(-1e9)) for slug, draft in _DRAFTS.items()),
    *(in_a_draft(_BY_SLUG[slug], "nan", draft(-np.inf)) for slug, draft in _DRAFTS.items()),
    without_mask(
        _BY_SLUG["attention-returns-output-only"], lambda Q, K, V, mask=None: compose_without_mask()(Q, K, V)[0]
    ),
    without_mask(
        _BY_SLUG["attention-returns-weights-first"], lambda Q, K, V, mask=None: compose_without_mask()(Q, K, V)[::-1]
    ),
)
