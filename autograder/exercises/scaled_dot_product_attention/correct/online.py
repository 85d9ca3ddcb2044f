import numpy as np


# One pass over the keys; the output is corrected whenever a larger score comes.
def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])
    allowed = np.broadcast_to(True if mask is None else mask, scores.shape)
    top = np.full(scores.shape[:-1], -np.inf)
    total = np.zeros(scores.shape[:-1])
    output = np.zeros(scores.shape[:-1] + V.shape[-1:])
    for j in range(K.shape[-2]):
        may = allowed[..., j]
        higher = np.where(may, np.maximum(top, scores[..., j]), top)
        fade = np.where(np.isfinite(top), np.exp(top - higher), 0.0)
        power = np.where(may, np.exp(scores[..., j] - higher), 0.0)
        total = total * fade + power
        output = output * fade[..., None] + power[..., None] * V[..., None, j, :]
        top = higher
    safe = np.where(total > 0, total, 1.0)
    weights = np.where(allowed, np.exp(scores - top[..., None]), 0.0) / safe[..., None]
    return output / safe[..., None], weights
