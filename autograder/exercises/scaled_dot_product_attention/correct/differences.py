import numpy as np


# w_i = 1 / Σ_j exp(s_j - s_i), over allowed j. An overflow gives 1 / inf, which is the right 0.
def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = (Q[..., :, None, :] * K[..., None, :, :]).sum(axis=-1) / np.sqrt(Q.shape[-1])
    mask = np.broadcast_to(True if mask is None else mask, scores.shape)
    terms = np.where(mask[..., None, :], np.exp(scores[..., None, :] - scores[..., :, None]), 0)
    total = terms.sum(axis=-1)
    weights = np.where(mask, 1 / np.where(total > 0, total, 1), 0.0)
    output = (weights[..., None] * V[..., None, :, :]).sum(axis=-2)
    return output, weights
