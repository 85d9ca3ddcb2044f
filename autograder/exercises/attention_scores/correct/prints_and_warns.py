import sys
import warnings

import numpy as np


def attention_scores(Q, K):
    print("Q is", Q)
    print("K is", K.shape, file=sys.stderr)
    warnings.warn("my own warning", RuntimeWarning)
    np.log(np.zeros(3))
    result = np.matmul(Q, np.moveaxis(K, -1, -2))
    print("scores:", result)
    return result
