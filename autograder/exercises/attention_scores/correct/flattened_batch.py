import numpy as np


def attention_scores(Q, K):
    flat_q = np.reshape(Q, (-1, *Q.shape[-2:]))
    flat_k = np.reshape(K, (-1, *K.shape[-2:]))
    flat = np.empty((flat_q.shape[0], Q.shape[-2], K.shape[-2]))
    for b in range(len(flat)):
        flat[b] = flat_q[b].dot(flat_k[b].transpose())
    return flat.reshape(Q.shape[:-1] + (K.shape[-2],))
