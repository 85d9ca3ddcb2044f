import numpy as np


def scale_scores(scores, d_k):
    fourth = np.power(float(d_k), 0.25)
    return scores / fourth / fourth
