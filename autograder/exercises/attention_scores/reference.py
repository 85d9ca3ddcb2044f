"""The oracle of attention_scores: one dot product at a time."""

from __future__ import annotations

from math import fsum
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def attention_scores(Q: Array, K: Array) -> Array:
    """The oracle: one dot product at a time, its sum rounded only once.

    Args:
        Q: queries, shape (…, n_q, d_k), no unit.
        K: keys, shape (…, n_k, d_k), with the same leading axes.

    Returns:
        float64 scores, shape (…, n_q, n_k): entry (i, j) is the dot product of query i and key j.

    Source: Luong, Pham and Manning 2015, arXiv:1508.04025, section 3.1; Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    scores = np.empty((*Q.shape[:-1], K.shape[-2]))
    for sentence in np.ndindex(Q.shape[:-2]):
        queries, keys = Q[sentence].tolist(), K[sentence].tolist()
        scores[sentence] = [[_dot_product(query, key) for key in keys] for query in queries]
    return scores


def _dot_product(query: list[float], key: list[float]) -> float:
    return fsum(float(q) * float(k) for q, k in zip(query, key, strict=True))
