import itertools

import numpy as np


def weighted_sum(weights, V):
    result = np.zeros(weights.shape[:-1] + V.shape[-1:])
    for front in itertools.product(*(range(n) for n in weights.shape[:-2])):
        for i in range(weights.shape[-2]):
            for c in range(V.shape[-1]):
                total = 0
                for j in range(V.shape[-2]):
                    total += weights[front + (i, j)] * V[front + (j, c)]
                result[front + (i, c)] = total
    return result
