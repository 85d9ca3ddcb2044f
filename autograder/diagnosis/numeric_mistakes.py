"""Recognise a mistake with a number in it (a temperature, a fill value, …) by estimating that number.

Works on public examples only. A number is described only if it explains every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercise import Call, Exercise, Scored

Array = np.ndarray[Any, Any]
# How closely the estimated number has to explain the answers, and the least by which it has to change them.
_CLOSE = 1e-6


@dataclass(frozen=True)
class ExampleResult:
    """A public example: the call, the expected arrays, and the arrays of the student's function, of the same shapes."""

    call: Call
    expected: tuple[Array, ...]
    given: tuple[Array, ...]


@dataclass(frozen=True)
class _Row:
    """The scores of one query, which of them are allowed, and the weights that the student's function gave."""

    scores: Array
    allowed: Array
    weights: Array

    def allowed_only(self) -> tuple[Array, Array]:
        return self.scores[self.allowed], self.weights[self.allowed]


def describe_numeric_mistake(exercise: Exercise, results: Sequence[ExampleResult]) -> str:
    """Describe the number that explains every example in a sentence; empty if there is none."""
    if not results:
        return ""
    with np.errstate(all="ignore"):
        if exercise.scored is None:
            pairs = [(result.expected[0], result.given[0]) for result in results]
            return _describe_factor(pairs) or _describe_offset(pairs) or _describe_swapped_axes(pairs)
        weights = next(number for number, part in enumerate(exercise.returns) if part.weights)
        scored = [(exercise.scored(*r.call.args, **r.call.kwargs), r.given[weights]) for r in results]
        examples = [(score, list(_rows(score, given))) for score, given in scored]
        rows = [row for _, example_rows in examples for row in example_rows]
        return _describe_temperature(examples) or _describe_epsilon(rows) or _describe_fill(rows)


def _describe_factor(pairs: Sequence[tuple[Array, Array]]) -> str:
    expected, given = _concatenate(pairs)
    nonzero = expected != 0
    factor = _common_value(given[nonzero] / expected[nonzero])
    if factor is None or abs(factor) < _CLOSE or abs(factor - 1) < 10 * _CLOSE:
        return ""
    return f"Every number of yours is {factor:.4g} times the right one." if _explains(factor * expected, given) else ""


def _describe_offset(pairs: Sequence[tuple[Array, Array]]) -> str:
    expected, given = _concatenate(pairs)
    offset = _common_value(given - expected)
    return "" if offset is None else f"Every number of yours is the right one plus {offset:.4g}."


def _describe_swapped_axes(pairs: Sequence[tuple[Array, Array]]) -> str:
    swapped = all(expected.ndim > 1 and _explains(np.swapaxes(expected, -1, -2), given) for expected, given in pairs)
    return "Your result is the right one with its last two axes swapped." if swapped else ""


def _describe_temperature(examples: Sequence[tuple[Scored, Sequence[_Row]]]) -> str:
    """Recognise weights whose scores were divided by a wrong number, which may differ between examples."""
    divisors: list[tuple[float, float]] = []  # the student's and the right one
    for scored, rows in examples:
        factors = []
        for row in rows:
            scores, weights = row.allowed_only()
            low, high = np.argmin(scores), np.argmax(scores)
            if scores[low] == scores[high] or not (weights > 0).all():
                continue
            factor = float(np.log(weights[high] / weights[low]) / (scores[high] - scores[low]))
            if not _explains(_softmax(factor * scores), weights):
                return ""
            factors.append(factor)
        common_factor = _common_value(np.array(factors))
        if factors and (common_factor is None or common_factor <= 0):
            return ""
        if common_factor:
            divisors.append((scored.divisor / common_factor, scored.divisor))
    wrong = [(yours, right) for yours, right in divisors if not np.isclose(yours, right, rtol=_CLOSE)]
    if not wrong:
        return ""
    yours, right = wrong[0]
    same_everywhere = _common_value(np.array([divisor for divisor, _ in divisors])) is not None
    subject = "Your" if same_everywhere else "In one example your"
    return f"{subject} weights are those of scores divided by {yours:.4g}, not by {right:.4g}."


def _describe_epsilon(rows: Sequence[_Row]) -> str:
    """Recognise a constant that was added to the softmax denominator, with or without the shift by the maximum."""
    of_shifted, of_plain = [], []
    for row in rows:
        scores, weights = row.allowed_only()
        if weights.sum() <= 0:
            continue
        if not _explains(_softmax(scores) * weights.sum(), weights):
            return ""
        added = (1 / weights.sum() - 1) / _softmax(scores).max()
        of_shifted.append(added)
        of_plain.append(added * np.exp(scores.max()))
    epsilon = _common_value(np.array(of_shifted)) or _common_value(np.array(of_plain))
    return f"Your weights are divided by a sum that is too large by {epsilon:.4g}." if epsilon else ""


def _describe_fill(rows: Sequence[_Row]) -> str:
    """Recognise blocked scores that were replaced by a number that is not low enough."""
    estimates = [
        np.log(row.weights[~row.allowed] / row.weights[row.allowed][0]) + row.scores[row.allowed][0]
        for row in rows
        if not row.allowed.all() and (row.weights > 0).all()
    ]
    fill = _common_value(np.concatenate(estimates)) if estimates else None
    if fill is None:
        return ""
    if not all(_explains(_softmax(np.where(row.allowed, row.scores, fill)), row.weights) for row in rows):
        return ""
    return f"Your blocked keys get the weight of a score of {fill:.4g}."


def _rows(scored: Scored, weights: Array) -> Iterator[_Row]:
    """Yield every row with at least one allowed key."""
    all_allowed = np.broadcast_to(scored.allowed, scored.scores.shape)
    weights = np.moveaxis(weights, scored.axis, -1)
    for index in np.ndindex(scored.scores.shape[:-1]):
        if all_allowed[index].any():
            yield _Row(scored.scores[index], all_allowed[index], weights[index])


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _concatenate(pairs: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    expected = np.concatenate([expected.ravel().astype(float) for expected, _ in pairs])
    given = np.concatenate([given.ravel().astype(float) for _, given in pairs])
    return expected, given


def _common_value(numbers: Array) -> float | None:
    """Return the number that all of these are equal to; None if they differ or are 0."""
    if not numbers.size or not np.isfinite(numbers).all():
        return None
    middle = float(np.median(numbers))
    return middle if np.allclose(numbers, middle, rtol=_CLOSE, atol=1e-12) and abs(middle) > 1e-12 else None


def _explains(model: Array, given: Array) -> bool:
    return model.shape == given.shape and bool(np.allclose(model, given, rtol=_CLOSE, atol=1e-9))
