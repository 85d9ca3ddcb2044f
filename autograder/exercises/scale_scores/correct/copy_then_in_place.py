import numpy as np


def scale_scores(scores, d_k):
    scores = scores.astype(np.float64)
    scores /= np.sqrt(d_k)
    return scores
