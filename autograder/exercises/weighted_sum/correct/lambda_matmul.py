import numpy as np

weighted_sum = lambda weights, V: np.matmul(weights, V)
