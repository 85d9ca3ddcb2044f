"""Wrong programs for the whole, wrong in one of its four pieces: each has its piece's name and hint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograder.exercise import Misconception, Program
from autograder.exercises.attention_scores import misconceptions as of_scores
from autograder.exercises.correct_functions import attention_scores, scale_scores, softmax, weighted_sum
from autograder.exercises.scale_scores import misconceptions as of_scaling
from autograder.exercises.softmax import misconceptions as of_softmax
from autograder.exercises.weighted_sum import misconceptions as of_mixing

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None

MISTAKES = {m.slug: m for piece in (of_scores, of_scaling, of_softmax, of_mixing) for m in piece.MISCONCEPTIONS}


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


def filled(
    fill: float, scores: Program = attention_scores, scale: Program = scale_scores, weigh: Program = softmax
) -> Program:
    """The first draft: a blocked score becomes ``fill``, and nothing is repaired after softmax."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        numbers = scale(scores(Q, K), Q.shape[-1])
        weights = weigh(numbers if mask is None else np.where(mask, numbers, fill))
        return weighted_sum(weights, V), weights

    return program


def unmasked(**pieces: Program) -> Program:
    """The very first draft: the mask is for later."""
    whole = composed(**pieces)
    return lambda Q, K, V, mask=None: whole(Q, K, V)


def of_a_piece(slug: str, program: Program, clause: str = "") -> Misconception:
    """A mistake of one of the four pieces, made in the whole, where it may break another clause."""
    return replace(MISTAKES[slug], program=program, clause=clause or MISTAKES[slug].clause)


def drafted(mistake: Misconception, ending: str, program: Program) -> Misconception:
    """The same mistake in a first draft, where a query that may ask nobody goes wrong as well."""
    hint = replace(mistake.hint, advice=f"{mistake.hint.advice} Then see what a query gets that may ask nobody.")
    return replace(mistake, slug=f"{mistake.slug}-and-nobody-is-{ending}", program=program, hint=hint)


def before_masks(mistake: Misconception, program: Program) -> Misconception:
    """The same mistake where the mask is not used yet."""
    hint = replace(mistake.hint, advice=f"{mistake.hint.advice} Then let the mask do something.")
    return replace(mistake, slug=f"{mistake.slug}-and-mask-ignored", program=program, hint=hint)


def over_queries(scores: Array) -> Any:
    return softmax(scores, axis=-2)


def over_queries_one_maximum(scores: Array) -> Any:
    return of_softmax.one_maximum(scores, axis=-2)


def product(Q: Array, K: Array) -> Array:
    return Q @ np.swapaxes(K, -1, -2)  # whole numbers stay whole


OF_A_PIECE = (
    of_a_piece("scale-missing", composed(scale=of_scaling.missing)),
    of_a_piece("scale-without-root", composed(scale=of_scaling.without_root)),
    of_a_piece("softmax-over-queries", composed(weigh=over_queries)),
    of_a_piece("softmax-without-shift", composed(weigh=of_softmax.without_shift)),
    of_a_piece("softmax-one-maximum", composed(weigh=of_softmax.one_maximum)),
    of_a_piece("scores-transposes-every-axis", composed(scores=of_scores.transposes_every_axis)),
    of_a_piece("scores-dot-on-stacks", composed(scores=of_scores.dot_on_stacks, mix=np.matmul)),
    of_a_piece("scores-without-transpose", composed(scores=of_scores.without_transpose)),
    of_a_piece("scores-guesses-the-transpose", composed(scores=of_scores.guesses_the_transpose)),
    of_a_piece("scores-two-axes-only", composed(scores=of_scores.two_axes_only)),
    of_a_piece("scores-reshapes-keys", composed(scores=of_scores.reshapes_keys)),
    of_a_piece("scores-keys-ask-queries", composed(scores=of_scores.keys_ask_queries)),
    of_a_piece("scores-matching-pairs-only", composed(scores=of_scores.matching_pairs_only)),
    of_a_piece("scores-one-batch-axis-only", composed(scores=of_scores.one_batch_axis_only)),
    of_a_piece("scores-as-many-keys-as-queries", composed(scores=of_scores.as_many_keys_as_queries)),
    of_a_piece("scores-last-product-only", composed(scores=of_scores.last_product_only)),
    of_a_piece("scores-cosines", composed(scores=of_scores.cosines)),
    of_a_piece("scores-first-sentence-for-all", composed(scores=of_scores.first_sentence_for_all)),
    of_a_piece("scale-multiplies", composed(scale=of_scaling.multiplies)),
    of_a_piece("scale-root-of-number-of-keys", composed(scale=of_scaling.root_of_number_of_keys)),
    of_a_piece("scale-root-of-length", composed(scale=of_scaling.root_of_length)),
    of_a_piece("scale-half-of-the-quotient", composed(scale=of_scaling.half_of_the_quotient)),
    of_a_piece("scale-half-for-root", composed(scale=of_scaling.half_for_root)),
    of_a_piece("scale-square-for-root", composed(scale=of_scaling.square_for_root)),
    of_a_piece("scale-fourth-root", composed(scale=of_scaling.fourth_root)),
    of_a_piece("scale-always-eight", composed(scale=of_scaling.always_eight)),
    of_a_piece("scale-whole-root", composed(scale=of_scaling.whole_root)),
    of_a_piece("scale-keeps-integers", composed(scores=product, scale=of_scaling.keeps_integers)),
    of_a_piece("softmax-over-everything", composed(weigh=of_softmax.over_everything)),
    of_a_piece("softmax-over-everything-without-shift", composed(weigh=of_softmax.over_everything_without_shift)),
    of_a_piece("softmax-second-axis", composed(weigh=of_softmax.second_axis), clause="batch"),
    of_a_piece("softmax-over-queries-one-maximum", composed(weigh=over_queries_one_maximum)),
    of_a_piece("softmax-with-pythons-sum", composed(weigh=of_softmax.with_pythons_sum)),
    of_a_piece("softmax-shift-in-numerator-only", composed(weigh=of_softmax.shift_in_numerator_only)),
    of_a_piece("softmax-without-keepdims", composed(weigh=of_softmax.without_keepdims)),
    of_a_piece("softmax-maximum-of-columns", composed(weigh=of_softmax.maximum_of_columns)),
    of_a_piece("softmax-without-normalising", composed(weigh=of_softmax.without_normalising)),
    of_a_piece("softmax-a-little-in-the-sum", composed(weigh=of_softmax.a_little_in_the_sum)),
    of_a_piece("softmax-one-in-the-sum", composed(weigh=of_softmax.one_in_the_sum)),
    of_a_piece("softmax-twice", composed(weigh=of_softmax.twice)),
    of_a_piece("softmax-sigmoid", composed(weigh=of_softmax.sigmoid)),
    of_a_piece("sum-transposes-weights", composed(mix=of_mixing.transposes_weights)),
    of_a_piece("sum-softmax-again", composed(mix=of_mixing.softmax_again), clause="core"),
    of_a_piece("sum-dot-on-stacks", composed(mix=of_mixing.dot_on_stacks)),
    of_a_piece("sum-over-queries", composed(mix=of_mixing.sums_over_queries)),
    of_a_piece("sum-averages", composed(mix=of_mixing.averages)),
    of_a_piece("sum-best-value-only", composed(mix=of_mixing.best_value_only)),
    of_a_piece("sum-ignores-weights", composed(mix=of_mixing.ignores_weights)),
    of_a_piece("sum-turned-round", composed(mix=of_mixing.turned_round)),
    of_a_piece("sum-keeps-integers", composed(mix=of_mixing.keeps_integers)),
)

_IN_THE_WHOLE = MISTAKES | {mistake.slug: mistake for mistake in OF_A_PIECE}


def in_a_draft(slug: str, ending: str, program: Program) -> Misconception:
    """A mistake of one of the four pieces in a first draft."""
    return drafted(_IN_THE_WHOLE[slug], ending, program)


# What people write first: (a piece's mistake, the pieces that it needs). Blocked scores become -1e9 or -inf.
_DRAFTS: tuple[tuple[str, dict[str, Program]], ...] = (
    ("scores-transposes-every-axis", {"scores": of_scores.transposes_every_axis}),
    ("scores-two-axes-only", {"scores": of_scores.two_axes_only}),
    ("scores-one-batch-axis-only", {"scores": of_scores.one_batch_axis_only}),
    ("scale-missing", {"scale": of_scaling.missing}),
    ("scale-without-root", {"scale": of_scaling.without_root}),
    ("scale-multiplies", {"scale": of_scaling.multiplies}),
    ("scale-root-of-number-of-keys", {"scale": of_scaling.root_of_number_of_keys}),
    ("scale-whole-root", {"scale": of_scaling.whole_root}),
    ("softmax-over-queries", {"weigh": over_queries}),
    ("softmax-one-maximum", {"weigh": of_softmax.one_maximum}),
    ("softmax-over-everything", {"weigh": of_softmax.over_everything}),
    ("softmax-second-axis", {"weigh": of_softmax.second_axis}),
)

IN_A_DRAFT = (
    # Without a shift, exp(-1e9) and exp(-inf) are both 0: one entry for both fills.
    in_a_draft("softmax-without-shift", "nan", filled(-1e9, weigh=of_softmax.without_shift)),
    in_a_draft(
        "softmax-over-everything-without-shift", "nan", filled(-1e9, weigh=of_softmax.over_everything_without_shift)
    ),
    in_a_draft("softmax-nan-to-num", "zero", filled(-1e9, weigh=of_softmax.nan_becomes_zero)),
    *(in_a_draft(slug, "average", filled(-1e9, **pieces)) for slug, pieces in _DRAFTS),
    *(in_a_draft(slug, "nan", filled(-np.inf, **pieces)) for slug, pieces in _DRAFTS),
    *(before_masks(_IN_THE_WHOLE[slug], unmasked(**pieces)) for slug, pieces in _DRAFTS),
    before_masks(_IN_THE_WHOLE["softmax-without-shift"], unmasked(weigh=of_softmax.without_shift)),
)
