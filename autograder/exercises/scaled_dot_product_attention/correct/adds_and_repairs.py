import numpy as np


# Adding a very low number blocks a key, except where all are blocked: those rows are set to 0 at the end.
def scaled_dot_product_attention(Q, K, V, mask=None):
    if mask is None:
        mask = np.ones(K.shape[-2], dtype=bool)
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1]) + np.where(mask, 0, -1e12)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = powers / powers.sum(axis=-1, keepdims=True)
    weights = np.where(mask.any(axis=-1, keepdims=True), weights, 0)
    return weights @ V, weights
