import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    n_q, n_k, d_k = Q.shape[-2], K.shape[-2], Q.shape[-1]
    front = Q.shape[:-2]
    if mask is None:
        mask = np.ones((n_q, n_k), dtype=bool)
    mask = np.broadcast_to(mask, front + (n_q, n_k))
    output = np.zeros(front + (n_q, V.shape[-1]))
    weights = np.zeros(front + (n_q, n_k))
    for b in np.ndindex(*front):
        for i in range(n_q):
            keys = np.flatnonzero(mask[b][i])
            if len(keys) == 0:
                continue
            scores = np.array([np.dot(Q[b][i], K[b][j]) for j in keys]) / np.sqrt(d_k)
            powers = np.exp(scores - scores.max())
            for j, share in zip(keys, powers / powers.sum()):
                weights[b + (i, j)] = share
                output[b + (i,)] += share * V[b][j]
    return output, weights
