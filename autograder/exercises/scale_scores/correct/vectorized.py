import numpy as np

_one = np.vectorize(lambda score, d_k: float(score) / d_k ** (1 / 2), otypes=[float])


def scale_scores(scores, d_k):
    return _one(scores, d_k)
