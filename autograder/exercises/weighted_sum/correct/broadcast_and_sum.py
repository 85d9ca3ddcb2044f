import numpy as np


def weighted_sum(weights, V):
    return np.sum(weights[..., None] * V[..., None, :, :], axis=-2)
