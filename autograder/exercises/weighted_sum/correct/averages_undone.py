import numpy as np


# np.average divides by the sum of the weights, so a column of its own takes what is missing: mean times number.
def weighted_sum(weights, V):
    n_k = V.shape[-2]
    return n_k * np.mean(weights[..., :, :, None] * V[..., None, :, :], axis=-2)
