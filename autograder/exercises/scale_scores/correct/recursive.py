import numpy as np


def scale_scores(scores, d_k):
    if scores.ndim == 0:
        return np.array(float(scores) / np.sqrt(d_k))
    return np.stack([scale_scores(np.asarray(part), d_k) for part in scores])
