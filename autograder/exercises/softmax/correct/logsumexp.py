import numpy as np


def logsumexp(scores, axis):
    top = np.max(scores, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(scores - top), axis=axis, keepdims=True))


def softmax(scores, axis=-1):
    return np.exp(scores - logsumexp(scores, axis))
