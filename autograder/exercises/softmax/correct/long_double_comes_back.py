import numpy as np


def softmax(scores, axis=-1):
    powers = np.exp(np.longdouble(1) * scores - scores.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)
