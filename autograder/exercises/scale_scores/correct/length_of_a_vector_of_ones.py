import numpy as np


# The length of a vector of d_k ones is √d_k.
def scale_scores(scores, d_k):
    return scores / np.linalg.norm(np.ones(d_k))
