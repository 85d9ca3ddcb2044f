import warnings

import numpy as np


def softmax(scores, axis=-1):
    print("axis", axis)
    naive = np.exp(scores)  # may overflow, and that is only a warning
    naive = naive / naive.sum(axis=axis, keepdims=True)
    warnings.warn("careful")
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
