import numpy as np


# A mean divides by the number of keys; multiplying by it makes a sum again.
def weighted_sum(weights, V):
    n_k = V.shape[-2]
    return n_k * np.mean(weights[..., :, :, None] * V[..., None, :, :], axis=-2)
