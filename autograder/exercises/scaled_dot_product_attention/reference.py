"""The oracle of scaled_dot_product_attention: softmax sees only what a query may attend to."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.exercises.attention_scores.reference import attention_scores
from autograder.exercises.scale_scores.reference import scale_scores
from autograder.exercises.softmax.reference import softmax
from autograder.exercises.weighted_sum.reference import weighted_sum

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None


def scaled_dot_product_attention(Q: Array, K: Array, V: Array, mask: Mask = None) -> tuple[Array, Array]:
    """The oracle: softmax sees the allowed keys of one query at a time; all other weights stay 0.

    Args:
        Q: queries, shape (…, n_q, d_k), no unit.
        K: keys, shape (…, n_k, d_k).
        V: values, shape (…, n_k, d_v).
        mask: booleans that broadcast to (…, n_q, n_k), True = may attend; None allows everything.

    Returns:
        the mixes, float64, shape (…, n_q, d_v), and the weights, float64, shape (…, n_q, n_k).

    Source: Vaswani et al. 2017, arXiv:1706.03762, eq. 1 and section 3.2.3; a row without allowed keys: `contract.py`.
    """
    scores = scaled(Q, K)
    allowed = ~blocked(Q, K, V, mask)
    weights = np.zeros(scores.shape)
    for row in np.ndindex(scores.shape[:-1]):
        if allowed[row].any():
            weights[row][allowed[row]] = softmax(scores[row][allowed[row]])
    return weighted_sum(weights, V), weights


def scaled(Q: Array, K: Array) -> Array:
    """Return the scaled scores, shape (…, n_q, n_k)."""
    return scale_scores(attention_scores(Q, K), Q.shape[-1])


def blocked(Q: Array, K: Array, V: Array, mask: Mask = None) -> Array:
    """Return True where the mask requires a weight of exactly 0, shape (…, n_q, n_k)."""
    return np.broadcast_to(False if mask is None else ~mask, (*Q.shape[:-1], K.shape[-2]))
