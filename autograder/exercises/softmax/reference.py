"""The oracle of softmax: the formula, one vector at a time."""

from __future__ import annotations

from math import exp, fsum
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def softmax(scores: Array, axis: int = -1) -> Array:
    """The oracle: the formula, one vector at a time, with the vector's own maximum subtracted first.

    Args:
        scores: any real array, shape (…, n, …), no unit.
        axis: the axis of length n that the weights sum to 1 along.

    Returns:
        float64 weights, same shape as ``scores``.

    Source: Bridle 1990; the shift is Higham, Accuracy and Stability, 2nd ed., section 27.
    """
    weights = np.array(scores, dtype=np.float64, order="C")
    vectors = np.moveaxis(weights, axis, -1)
    for place in np.ndindex(vectors.shape[:-1]):
        vectors[place] = _of_vector(vectors[place].tolist())
    return weights


def _of_vector(scores: list[float]) -> list[float]:
    largest = max(scores)
    powers = [exp(score - largest) for score in scores]
    total = fsum(powers)
    return [power / total for power in powers]
