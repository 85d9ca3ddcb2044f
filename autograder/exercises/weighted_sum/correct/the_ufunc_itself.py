import numpy as np

weighted_sum = np.matmul
