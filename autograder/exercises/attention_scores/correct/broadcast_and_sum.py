import numpy as np


def attention_scores(Q, K):
    products = Q[..., :, np.newaxis, :] * K[..., np.newaxis, :, :]
    return products.sum(axis=-1)
