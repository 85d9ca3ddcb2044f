import numpy as np


def attention_scores(Q, K):
    n_q, d_k = Q.shape[-2:]
    n_k = K.shape[-2]
    scores = np.zeros(Q.shape[:-2] + (n_q, n_k))
    for i in range(n_q):
        for j in range(n_k):
            for c in range(d_k):
                scores[..., i, j] = scores[..., i, j] + Q[..., i, c] * K[..., j, c]
    return scores
