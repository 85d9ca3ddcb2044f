import numpy as np


def weighted_sum(weights, V):
    mix = np.zeros(weights.shape[:-1] + V.shape[-1:])
    for j in range(V.shape[-2]):
        mix += weights[..., :, j, None] * V[..., None, j, :]
    return mix
