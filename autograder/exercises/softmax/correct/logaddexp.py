import numpy as np


def softmax(scores, axis=-1):
    scores = scores.astype(float)
    return np.exp(scores - np.logaddexp.reduce(scores, axis=axis, keepdims=True))
