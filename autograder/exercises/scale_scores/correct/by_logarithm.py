import numpy as np


def scale_scores(scores, d_k):
    return scores * np.exp(-0.5 * np.log(d_k))
