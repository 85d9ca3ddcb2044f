"""The five functions as a good student writes them. Misconceptions are built from these, not from the oracles."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Mask = np.ndarray[Any, Any] | None


def attention_scores(Q: Array, K: Array) -> Array:
    """Return Q·Kᵀ over the last two axes."""
    return np.asarray(Q.astype(float) @ np.swapaxes(K, -1, -2))


def scale_scores(scores: Array, d_k: int) -> Array:
    """Return the scores divided by √d_k."""
    return np.asarray(scores / np.sqrt(d_k))


def softmax(scores: Array, axis: int = -1) -> Array:
    """Return weights that sum to 1 along an axis, computed with the shift by the maximum."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def weighted_sum(weights: Array, V: Array) -> Array:
    """Return weights·V over the last two axes."""
    return np.asarray(weights.astype(float) @ V)


def scaled(Q: Array, K: Array) -> Array:
    """Return the scaled scores of attention."""
    return scale_scores(attention_scores(Q, K), Q.shape[-1])


def scaled_dot_product_attention(Q: Array, K: Array, V: Array, mask: Mask = None) -> tuple[Array, Array]:
    """Return (output, weights) of attention."""
    scores = scaled(Q, K)
    if mask is None:
        weights = softmax(scores)
    else:
        nobody = ~mask.any(axis=-1, keepdims=True)
        weights = np.where(nobody, 0.0, softmax(np.where(mask | nobody, scores, -np.inf)))
    return weighted_sum(weights, V), weights
