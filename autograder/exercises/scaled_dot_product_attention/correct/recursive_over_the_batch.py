import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    if Q.ndim > 2:
        if mask is None or mask.ndim < Q.ndim:
            masks = [mask] * len(Q)
        else:
            masks = list(mask)
        parts = [scaled_dot_product_attention(*one) for one in zip(Q, K, V, masks)]
        return np.stack([o for o, _ in parts]), np.stack([w for _, w in parts])
    scores = np.dot(Q, K.T) / np.sqrt(Q.shape[1])
    mask = np.ones(scores.shape, bool) if mask is None else mask & np.ones(scores.shape, bool)
    weights = np.zeros(scores.shape)
    for row, may, weight in zip(scores, mask, weights):
        if may.any():
            powers = np.exp(row[may] - row[may].max())
            weight[may] = powers / powers.sum()
    return np.dot(weights, V), weights
