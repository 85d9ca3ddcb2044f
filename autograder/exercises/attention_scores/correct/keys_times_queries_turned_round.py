import numpy as np


# K Qᵀ has a row for each key; turned round it has a row for each query.
def attention_scores(Q, K):
    return np.swapaxes(np.matmul(K, np.swapaxes(Q, -2, -1)), -2, -1)
