import math

import numpy as np


def softmax(scores, axis=-1):
    moved = np.moveaxis(scores, axis, -1)
    weights = np.empty(moved.shape)
    for place in np.ndindex(*moved.shape[:-1]):
        row = [float(s) for s in moved[place]]
        top = max(row)
        powers = [math.exp(s - top) for s in row]
        total = math.fsum(powers)
        for j, power in enumerate(powers):
            weights[place + (j,)] = power / total
    return np.moveaxis(weights, -1, axis)
