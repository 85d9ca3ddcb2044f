"""The oracle of weighted_sum: one component of one mix at a time."""

from __future__ import annotations

from math import fsum
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def weighted_sum(weights: Array, V: Array) -> Array:
    """The oracle: one component of one mix at a time, its sum rounded only once.

    Args:
        weights: any real numbers, shape (…, n_q, n_k), no unit; they are used as they are.
        V: values, shape (…, n_k, d_v), with the same leading axes.

    Returns:
        float64 mixes, shape (…, n_q, d_v): row i is the sum over j of weights[i, j] times V[j].

    Source: Bahdanau, Cho and Bengio 2015, arXiv:1409.0473, eq. 5; Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    mixes = np.empty((*weights.shape[:-1], V.shape[-1]))
    for sentence in np.ndindex(weights.shape[:-2]):
        rows, columns = weights[sentence].tolist(), V[sentence].T.tolist()
        mixes[sentence] = [[_mix(row, column) for column in columns] for row in rows]
    return mixes


def _mix(row: list[float], column: list[float]) -> float:
    return fsum(float(w) * float(v) for w, v in zip(row, column, strict=True))
