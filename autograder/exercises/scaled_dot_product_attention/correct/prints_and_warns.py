import warnings

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def scaled_dot_product_attention(Q, K, V, mask=None):
    print("shapes:", Q.shape, K.shape, V.shape, mask if mask is None else mask.shape)
    warnings.warn("all my rows may be blocked", RuntimeWarning)
    scores = Q @ K.swapaxes(-2, -1) / np.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores)  # a blocked row gives NaN and a warning here
    weights = np.where(np.isnan(weights), 0, weights)
    print(weights)
    return weights @ V, weights
