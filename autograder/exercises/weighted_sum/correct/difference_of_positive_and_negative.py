import numpy as np


def weighted_sum(weights, V):
    plus = np.maximum(weights, 0)
    minus = np.maximum(-weights, 0)
    return plus @ V - minus @ V
