"""The oracle of softmax: the formula, one vector at a time."""

from __future__ import annotations

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

    def of_vector(vector: Array) -> Array:
        powers = np.array([np.exp(float(score) - float(max(vector))) for score in vector])
        return powers / sum(powers)

    return np.apply_along_axis(of_vector, axis, np.array(scores, dtype=np.float64))
