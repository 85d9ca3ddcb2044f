import numpy as np


# The shift looks at allowed keys only; a blocked key's power may overflow, and np.where drops it.
def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = np.matmul(Q / np.sqrt(Q.shape[-1]), K.swapaxes(-1, -2))
    allowed = np.ones(scores.shape, bool) if mask is None else np.broadcast_to(mask, scores.shape)
    top = np.max(scores, axis=-1, keepdims=True, where=allowed, initial=-np.finfo(float).max)
    powers = np.where(allowed, np.exp(scores - top), 0)
    total = powers.sum(axis=-1, keepdims=True)
    weights = np.divide(powers, total, out=np.zeros_like(powers), where=total > 0)
    return np.matmul(weights, V), weights
