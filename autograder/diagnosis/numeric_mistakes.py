"""Recognise a mistake with a number in it (a temperature, a fill value, …) by working that number out.

Only public examples come here: a number is told only where it explains every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.exercise import Call, Exercise, Scored

Array = np.ndarray[Any, Any]
_CLOSE = 1e-6  # how well the estimated number has to explain the answers, and how far it is from doing nothing


@dataclass(frozen=True)
class ExampleResult:
    """One public example: the call, what was wanted, and what the student's function gave, all of the same shapes."""

    call: Call
    wanted: tuple[Array, ...]
    given: tuple[Array, ...]


def describe_numeric_mistake(exercise: Exercise, seen: Sequence[ExampleResult]) -> str:
    """A sentence with the number that explains every example; empty where none does."""
    if not seen:
        return ""
    with np.errstate(all="ignore"):
        if exercise.scored is None:
            pairs = [(one.wanted[0], one.given[0]) for one in seen]
            return _factor(pairs) or _offset(pairs) or _turned(pairs)
        weights = next(number for number, part in enumerate(exercise.returns) if part.weights)
        rows = [(exercise.scored(*one.call.args, **one.call.kwargs), one.given[weights]) for one in seen]
        return _temperature(rows) or _epsilon(rows) or _fill(rows)


def _factor(pairs: Sequence[tuple[Array, Array]]) -> str:
    wanted, given = _flat(pairs)
    factor = _only(given[wanted != 0] / wanted[wanted != 0])
    if factor is None or abs(factor) < _CLOSE or abs(factor - 1) < 10 * _CLOSE or not _explains(factor * wanted, given):
        return ""
    return f"Every number of yours is {factor:.4g} times the right one."


def _offset(pairs: Sequence[tuple[Array, Array]]) -> str:
    wanted, given = _flat(pairs)
    offset = _only(given - wanted)
    return "" if offset is None else f"Every number of yours is the right one plus {offset:.4g}."


def _turned(pairs: Sequence[tuple[Array, Array]]) -> str:
    turned = all(wanted.ndim > 1 and _explains(np.swapaxes(wanted, -1, -2), given) for wanted, given in pairs)
    return "Your result is the right one with its last two axes swapped." if turned else ""


def _temperature(rows: Sequence[tuple[Scored, Array]]) -> str:
    """Weights of scores divided by another number than the right one, the same or another for each example."""
    divisors = []
    for scored, weights in rows:
        factors = []
        for scores, allowed, row in _rows(scored, weights):
            scores, row = scores[allowed], row[allowed]
            low, high = np.argmin(scores), np.argmax(scores)
            if scores[low] == scores[high] or not (row > 0).all():
                continue
            factor = float(np.log(row[high] / row[low]) / (scores[high] - scores[low]))
            if not _explains(_softmax(factor * scores), row):
                return ""
            factors.append(factor)
        factor_of_all = _only(np.array(factors))
        if factors and (factor_of_all is None or factor_of_all <= 0):
            return ""
        if factor_of_all:
            divisors.append((scored.divisor / factor_of_all, scored.divisor))
    wrong = [(yours, right) for yours, right in divisors if not np.isclose(yours, right, rtol=_CLOSE)]
    if not wrong:
        return ""
    yours, right = wrong[0]
    where = "Your" if _only(np.array([one for one, _ in divisors])) is not None else "In one example your"
    return f"{where} weights are those of scores divided by {yours:.4g}, not by {right:.4g}."


def _epsilon(rows: Sequence[tuple[Scored, Array]]) -> str:
    """Something added to the sum of the exponentials: of the shifted scores, or of the scores as they are."""
    shifted, plain = [], []
    for scores, allowed, row in (part for one in rows for part in _rows(*one)):
        scores, row = scores[allowed], row[allowed]
        if row.sum() <= 0:
            continue
        if not _explains(_softmax(scores) * row.sum(), row):
            return ""
        missing = (1 / row.sum() - 1) / _softmax(scores).max()
        shifted.append(missing)
        plain.append(missing * np.exp(scores.max()))
    epsilon = _only(np.array(shifted)) or _only(np.array(plain))
    return f"Your weights are divided by a sum that is too large by {epsilon:.4g}." if epsilon else ""


def _fill(rows: Sequence[tuple[Scored, Array]]) -> str:
    """Blocked scores that were filled with a number which is not low enough."""
    every = [row for scored, weights in rows for row in _rows(scored, weights)]
    masked = [(scores, allowed, row) for scores, allowed, row in every if not allowed.all() and (row > 0).all()]
    found = [np.log(row[~allowed] / row[allowed][0]) + scores[allowed][0] for scores, allowed, row in masked]
    fill = _only(np.concatenate(found)) if found else None
    if fill is None or not all(_explains(_softmax(np.where(one[1], one[0], fill)), one[2]) for one in every):
        return ""
    return f"Your blocked keys get the weight of a score of {fill:.4g}."


def _rows(scored: Scored, weights: Array) -> Iterator[tuple[Array, Array, Array]]:
    """Scores, allowed keys and weights, row by row; not the rows with nobody to ask."""
    allowed = np.broadcast_to(scored.allowed, scored.scores.shape)
    weights = np.moveaxis(weights, scored.axis, -1)
    for place in np.ndindex(scored.scores.shape[:-1]):
        if allowed[place].any():
            yield scored.scores[place], allowed[place], weights[place]


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _flat(pairs: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    one, other = (np.concatenate([pair[number].ravel().astype(float) for pair in pairs]) for number in (0, 1))
    return one, other


def _only(numbers: Array) -> float | None:
    """The number that all of these are, but not 0."""
    if not numbers.size or not np.isfinite(numbers).all():
        return None
    middle = float(np.median(numbers))
    return middle if np.allclose(numbers, middle, rtol=_CLOSE, atol=1e-12) and abs(middle) > 1e-12 else None


def _explains(model: Array, given: Array) -> bool:
    return model.shape == given.shape and bool(np.allclose(model, given, rtol=_CLOSE, atol=1e-9))
