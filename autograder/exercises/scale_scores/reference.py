"""The oracle of scale_scores: one division at a time."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def scale_scores(scores: Array, d_k: int) -> Array:
    """The oracle: one division at a time.

    Args:
        scores: any real array, shape (…, n_q, n_k), no unit.
        d_k: how many components queries and keys have; at least 1.

    Returns:
        float64 scores of the same shape, each divided by √d_k.

    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    return np.array([score / sqrt(d_k) for score in scores.ravel().tolist()]).reshape(scores.shape)
