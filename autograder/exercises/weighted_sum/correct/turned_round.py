import numpy as np


def weighted_sum(weights, V):
    # (A B)ᵀ = Bᵀ Aᵀ
    return (V.swapaxes(-1, -2) @ weights.swapaxes(-1, -2)).swapaxes(-1, -2)
