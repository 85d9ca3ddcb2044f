from functools import lru_cache

import numpy as np


@lru_cache
def root(d_k):
    return float(np.sqrt(d_k))


def attention_scores(Q, K):
    return np.matmul(Q, np.moveaxis(K, -1, -2))


def scale_scores(scores, d_k):
    return scores / root(d_k)


def softmax(scores, axis=-1):
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def weighted_sum(weights, V):
    return np.matmul(weights, V)


def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = scale_scores(attention_scores(Q, K), Q.shape[-1])
    if mask is None:
        weights = softmax(scores)
        return weighted_sum(weights, V), weights
    nobody = ~np.any(mask, axis=-1, keepdims=True)
    weights = softmax(np.where(mask | nobody, scores, -np.inf))
    weights = np.where(nobody, 0.0, weights)
    return weighted_sum(weights, V), weights
