import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = (Q @ K.swapaxes(-1, -2)) * Q.shape[-1] ** -0.5
    if mask is not None:
        scores = np.where(mask, scores, -1e300)
    top = scores.max(-1, keepdims=True)
    log_total = top + np.log(np.exp(scores - top).sum(-1, keepdims=True))
    weights = np.exp(scores - log_total)
    if mask is not None:
        weights = np.where(mask, weights, 0.0)
    return weights @ V, weights
