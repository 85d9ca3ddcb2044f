import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    blocked = np.zeros(scores.shape, bool) if mask is None else np.broadcast_to(~mask, scores.shape)
    seen = np.ma.array(scores, mask=blocked)
    powers = np.ma.exp(seen - seen.max(axis=-1, keepdims=True))
    weights = np.ma.filled(powers / powers.sum(axis=-1, keepdims=True), 0.0)
    return weights @ V, weights
