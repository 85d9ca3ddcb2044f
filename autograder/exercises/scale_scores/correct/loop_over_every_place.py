import numpy as np


def scale_scores(scores, d_k):
    result = np.zeros(scores.shape, dtype=float)
    for place, score in np.ndenumerate(scores):
        result[place] = score / np.sqrt(d_k)
    return result
