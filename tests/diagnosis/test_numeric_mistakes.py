"""The number in a mistake is estimated from public examples, and shown only if it explains all of them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from autograder.course import catalogue
from autograder.diagnosis.public_examples import add_example_results, run_public_examples
from autograder.exercise import Program
from autograder.judging.judge import judge_function
from autograder.judging.reference_answers import ReferenceAnswers, run_trusted

EXERCISES = catalogue.load_exercises()


def softmax(scores: Any, axis: int = -1) -> Any:
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def attention(divisor: Any = np.sqrt, fill: float = -np.inf) -> Program:
    def program(Q: Any, K: Any, V: Any, mask: Any = None) -> Any:
        scores = Q @ np.swapaxes(K, -1, -2) / divisor(Q.shape[-1])
        if mask is not None:
            nobody = ~np.any(mask, axis=-1, keepdims=True)
            scores = np.where(mask | (nobody if np.isinf(fill) else False), scores, fill)
            weights = np.where(nobody, 0, softmax(scores))
        else:
            weights = softmax(scores)
        return weights @ V, weights

    return program


def explanation(function: str, program: Program) -> str:
    """Return what a student reads about the first criterion that this program does not earn."""
    exercise = EXERCISES[function]
    verdict = judge_function(ReferenceAnswers(exercise, 1), partial(run_trusted, program))
    assert verdict.misconceptions == ()
    verdict = add_example_results(exercise, verdict, run_public_examples(exercise, partial(run_trusted, program)))
    return next(criterion.reason.seen for criterion in verdict.criteria if criterion.reason)


@pytest.mark.parametrize(
    ("function", "program", "sentence"),
    [
        ("scale_scores", lambda s, d_k: s / np.sqrt(d_k) / 7, "Every number of yours is 0.1429 times the right one."),
        ("scale_scores", lambda s, d_k: s / np.sqrt(d_k) + 0.3, "Every number of yours is the right one plus 0.3."),
        ("attention_scores", lambda Q, K: 5 * (Q @ np.swapaxes(K, -1, -2)), "5 times the right one."),
        ("softmax", lambda s, axis=-1: softmax(s / 3, axis), "those of scores divided by 3, not by 1."),
        (
            "scaled_dot_product_attention",
            attention(lambda d_k: d_k + 7.0),
            "In one example your weights are those of scores divided by 11, not by 2.",
        ),
        ("scaled_dot_product_attention", attention(lambda d_k: 6.0), "Your weights are those of scores divided by 6,"),
        ("scaled_dot_product_attention", attention(fill=-3.0), "the weight of a score of -3."),
    ],
)
def test_the_number_in_a_mistake_is_shown(function: str, program: Program, sentence: str) -> None:
    assert sentence in explanation(function, program)


def test_an_epsilon_in_the_sum_is_named() -> None:
    def with_epsilon(scores: Any, axis: int = -1) -> Any:
        powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
        return powers / (powers.sum(axis=axis, keepdims=True) + 0.05)

    assert "divided by a sum that is too large by 0.05." in explanation("softmax", with_epsilon)


def test_swapped_axes_are_named() -> None:
    def turned(scores: Any, d_k: int) -> Any:
        return np.swapaxes(scores / np.sqrt(d_k), -1, -2)

    assert "Your result is the right one with its last two axes swapped." in explanation("scale_scores", turned)


def test_no_number_is_shown_where_it_explains_only_some_examples() -> None:
    def moody(scores: Any, d_k: int) -> Any:
        return scores / np.sqrt(d_k) * (2 if d_k > 10 else 3)

    assert "times the right one" not in explanation("scale_scores", moody)


def test_no_number_is_shown_beside_the_name_of_a_mistake() -> None:
    exercise = EXERCISES["scale_scores"]
    program = next(one.program for one in exercise.misconceptions if one.slug == "scale-multiplies")
    shown = run_public_examples(exercise, partial(run_trusted, program))
    verdict = add_example_results(
        exercise, judge_function(ReferenceAnswers(exercise, 1), partial(run_trusted, program)), shown
    )
    assert verdict.misconceptions
    assert not any("times the right one" in str(criterion.reason) for criterion in verdict.criteria)


def test_no_number_is_shown_for_a_function_that_only_raises() -> None:
    def broken(scores: Any, d_k: int) -> Any:
        raise ZeroDivisionError

    assert "times" not in explanation("scale_scores", broken)
