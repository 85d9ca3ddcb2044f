import numpy as np


def weighted_sum(weights, V):
    if weights.ndim > 2:
        return np.stack([weighted_sum(weights[b], V[b]) for b in range(len(weights))], axis=0)
    return np.apply_along_axis(lambda row: (row[:, None] * V).sum(axis=0), 1, weights)
