import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = np.einsum("...qd,...kd->...qk", Q, K) / K.shape[-1] ** 0.5
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = np.nan_to_num(powers / np.sum(powers, axis=-1, keepdims=True))
    return np.einsum("...qk,...kv->...qv", weights, V), weights
