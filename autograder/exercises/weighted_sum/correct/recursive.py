import numpy as np


def weighted_sum(weights, V):
    if weights.ndim > 2:
        return np.array([weighted_sum(w, v) for w, v in zip(weights, V)])
    return weights.dot(V)
