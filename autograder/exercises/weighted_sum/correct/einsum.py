import numpy as np


def weighted_sum(weights, V):
    return np.einsum("...ij,...jc->...ic", weights, V)
