"""Wrong programs for attention with a mistake in one step. Slug and hint are those of the step's own exercise."""

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

_FUNCTION_MISTAKES = {m.slug: m for step in (of_scores, of_scaling, of_softmax, of_mixing) for m in step.MISCONCEPTIONS}


def compose(
    scores: Program = attention_scores,
    scale: Program = scale_scores,
    weigh: Program = softmax,
    mix: Program = weighted_sum,
) -> Program:
    """Combine four steps correctly, where one of them may be wrong."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        numbers = scale(scores(Q, K), Q.shape[-1])
        if mask is not None:
            numbers = np.where(mask, numbers, -np.inf)
        weights = weigh(numbers)
        if mask is not None:
            weights = np.where(mask.any(axis=-1, keepdims=True), weights, 0)
        return mix(weights, V), weights

    return program


def compose_draft(
    fill: float, scores: Program = attention_scores, scale: Program = scale_scores, weigh: Program = softmax
) -> Program:
    """Combine the steps as in a first draft: a blocked score becomes ``fill``, even in a row without keys."""

    def program(Q: Array, K: Array, V: Array, mask: Mask = None) -> Any:
        numbers = scale(scores(Q, K), Q.shape[-1])
        weights = weigh(numbers if mask is None else np.where(mask, numbers, fill))
        return weighted_sum(weights, V), weights

    return program


def compose_without_mask(**steps: Program) -> Program:
    """Combine the steps and ignore the mask."""
    program = compose(**steps)
    return lambda Q, K, V, mask=None: program(Q, K, V)


def step_mistake(slug: str, program: Program, clause: str = "") -> Misconception:
    """Return the misconception of a step's exercise with a program for attention, where it may break another clause."""
    return replace(_FUNCTION_MISTAKES[slug], program=program, clause=clause or _FUNCTION_MISTAKES[slug].clause)


def in_a_draft(mistake: Misconception, ending: str, program: Program) -> Misconception:
    """Return the same mistake in a first draft, where a query without any key goes wrong as well."""
    hint = replace(mistake.hint, advice=f"{mistake.hint.advice} Then see what a query gets that may ask nobody.")
    return replace(mistake, slug=f"{mistake.slug}-and-nobody-is-{ending}", program=program, hint=hint)


def without_mask(mistake: Misconception, program: Program) -> Misconception:
    """Return the same mistake in a program that ignores the mask."""
    hint = replace(mistake.hint, advice=f"{mistake.hint.advice} Then let the mask do something.")
    return replace(mistake, slug=f"{mistake.slug}-and-mask-ignored", program=program, hint=hint)


def over_queries(scores: Array) -> Any:
    return softmax(scores, axis=-2)


def over_queries_one_maximum(scores: Array) -> Any:
    return of_softmax.one_maximum(scores, axis=-2)


def product(Q: Array, K: Array) -> Array:
    return Q @ np.swapaxes(K, -1, -2)  # whole numbers stay whole


STEP_MISTAKES = (
    step_mistake("scale-missing", compose(scale=of_scaling.missing)),
    step_mistake("scale-without-root", compose(scale=of_scaling.without_root)),
    step_mistake("softmax-over-queries", compose(weigh=over_queries)),
    step_mistake("softmax-without-shift", compose(weigh=of_softmax.without_shift)),
    step_mistake("softmax-one-maximum", compose(weigh=of_softmax.one_maximum)),
    step_mistake("scores-transposes-every-axis", compose(scores=of_scores.transposes_every_axis)),
    step_mistake("scores-dot-on-stacks", compose(scores=of_scores.dot_on_stacks, mix=np.matmul)),
    step_mistake("scores-without-transpose", compose(scores=of_scores.without_transpose)),
    step_mistake("scores-guesses-the-transpose", compose(scores=of_scores.guesses_the_transpose)),
    step_mistake("scores-two-axes-only", compose(scores=of_scores.two_axes_only)),
    step_mistake("scores-reshapes-keys", compose(scores=of_scores.reshapes_keys)),
    step_mistake("scores-keys-ask-queries", compose(scores=of_scores.keys_ask_queries)),
    step_mistake("scores-matching-pairs-only", compose(scores=of_scores.matching_pairs_only)),
    step_mistake("scores-one-batch-axis-only", compose(scores=of_scores.one_batch_axis_only)),
    step_mistake("scores-as-many-keys-as-queries", compose(scores=of_scores.as_many_keys_as_queries)),
    step_mistake("scores-last-product-only", compose(scores=of_scores.last_product_only)),
    step_mistake("scores-cosines", compose(scores=of_scores.cosines)),
    step_mistake("scores-first-sentence-for-all", compose(scores=of_scores.first_sentence_for_all)),
    step_mistake("scale-multiplies", compose(scale=of_scaling.multiplies)),
    step_mistake("scale-root-of-number-of-keys", compose(scale=of_scaling.root_of_number_of_keys)),
    step_mistake("scale-root-of-length", compose(scale=of_scaling.root_of_length)),
    step_mistake("scale-half-of-the-quotient", compose(scale=of_scaling.half_of_the_quotient)),
    step_mistake("scale-half-for-root", compose(scale=of_scaling.half_for_root)),
    step_mistake("scale-square-for-root", compose(scale=of_scaling.square_for_root)),
    step_mistake("scale-fourth-root", compose(scale=of_scaling.fourth_root)),
    step_mistake("scale-always-eight", compose(scale=of_scaling.always_eight)),
    step_mistake("scale-whole-root", compose(scale=of_scaling.whole_root)),
    step_mistake("scale-keeps-integers", compose(scores=product, scale=of_scaling.keeps_integers)),
    step_mistake("softmax-over-everything", compose(weigh=of_softmax.over_everything)),
    step_mistake("softmax-over-everything-without-shift", compose(weigh=of_softmax.over_everything_without_shift)),
    step_mistake("softmax-second-axis", compose(weigh=of_softmax.second_axis), clause="batch"),
    step_mistake("softmax-over-queries-one-maximum", compose(weigh=over_queries_one_maximum)),
    step_mistake("softmax-with-pythons-sum", compose(weigh=of_softmax.with_pythons_sum)),
    step_mistake("softmax-shift-in-numerator-only", compose(weigh=of_softmax.shift_in_numerator_only)),
    step_mistake("softmax-without-keepdims", compose(weigh=of_softmax.without_keepdims)),
    step_mistake("softmax-maximum-of-columns", compose(weigh=of_softmax.maximum_of_columns)),
    step_mistake("softmax-without-normalising", compose(weigh=of_softmax.without_normalising)),
    step_mistake("softmax-a-little-in-the-sum", compose(weigh=of_softmax.a_little_in_the_sum)),
    step_mistake("softmax-one-in-the-sum", compose(weigh=of_softmax.one_in_the_sum)),
    step_mistake("softmax-twice", compose(weigh=of_softmax.twice)),
    step_mistake("softmax-sigmoid", compose(weigh=of_softmax.sigmoid)),
    step_mistake("sum-transposes-weights", compose(mix=of_mixing.transposes_weights)),
    step_mistake("sum-softmax-again", compose(mix=of_mixing.softmax_again), clause="core"),
    step_mistake("sum-dot-on-stacks", compose(mix=of_mixing.dot_on_stacks)),
    step_mistake("sum-over-queries", compose(mix=of_mixing.sums_over_queries)),
    step_mistake("sum-averages", compose(mix=of_mixing.averages)),
    step_mistake("sum-best-value-only", compose(mix=of_mixing.best_value_only)),
    step_mistake("sum-ignores-weights", compose(mix=of_mixing.ignores_weights)),
    step_mistake("sum-turned-round", compose(mix=of_mixing.turned_round)),
    step_mistake("sum-keeps-integers", compose(mix=of_mixing.keeps_integers)),
)

_BY_SLUG = _FUNCTION_MISTAKES | {mistake.slug: mistake for mistake in STEP_MISTAKES}


def draft_mistake(slug: str, ending: str, program: Program) -> Misconception:
    """Return a mistake of one step in a first draft."""
    return in_a_draft(_BY_SLUG[slug], ending, program)


# What people write first: the slug of a step's mistake, and the wrong steps. Blocked scores become -1e9 or -inf.
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

DRAFT_MISTAKES = (
    # Without a shift, exp(-1e9) and exp(-inf) are both 0: one entry for both fills.
    draft_mistake("softmax-without-shift", "nan", compose_draft(-1e9, weigh=of_softmax.without_shift)),
    draft_mistake(
        "softmax-over-everything-without-shift",
        "nan",
        compose_draft(-1e9, weigh=of_softmax.over_everything_without_shift),
    ),
    draft_mistake("softmax-nan-to-num", "zero", compose_draft(-1e9, weigh=of_softmax.nan_becomes_zero)),
    *(draft_mistake(slug, "average", compose_draft(-1e9, **steps)) for slug, steps in _DRAFTS),
    *(draft_mistake(slug, "nan", compose_draft(-np.inf, **steps)) for slug, steps in _DRAFTS),
    *(without_mask(_BY_SLUG[slug], compose_without_mask(**steps)) for slug, steps in _DRAFTS),
    without_mask(_BY_SLUG["softmax-without-shift"], compose_without_mask(weigh=of_softmax.without_shift)),
)
