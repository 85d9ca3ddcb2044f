import numpy as np


def softmax(scores, axis=-1):
    if axis < 0:
        return softmax(scores, axis + scores.ndim)
    if axis > 0:
        return np.stack([softmax(part, axis - 1) for part in scores])
    total = np.exp(scores - scores.max(0))
    return total / total.sum(0)
