import numpy as np


def attention_scores(Q, K):
    Q = np.array(Q, dtype="float64")
    K = np.array(K, dtype="float64")
    out = np.empty((*Q.shape[:-1], K.shape[-2]))
    np.matmul(Q, K.swapaxes(-1, -2), out=out)
    Q *= 0
    K -= K
    return out
