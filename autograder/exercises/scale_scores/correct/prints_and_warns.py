import numpy as np


def scale_scores(scores, d_k):
    print("spread before:", np.std(scores))
    np.float64(1.0) / np.zeros(1)
    scaled = scores / np.sqrt(d_k)
    print(f"{scaled = }")
    return scaled
