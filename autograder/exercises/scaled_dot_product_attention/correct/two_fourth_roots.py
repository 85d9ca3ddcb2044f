import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    root = Q.shape[-1] ** 0.25
    scores = (Q / root) @ np.swapaxes(K / root, -1, -2)
    if mask is not None:
        scores[np.broadcast_to(~mask, scores.shape)] = -np.inf
    top = scores.max(axis=-1, keepdims=True)
    top[np.isneginf(top)] = 0
    powers = np.exp(scores - top)
    total = powers.sum(axis=-1, keepdims=True)
    total[total == 0] = 1
    weights = powers / total
    return weights @ V, weights
