import numpy as np


def softmax(scores, axis=-1):
    powers = np.exp2((scores - scores.max(axis=axis, keepdims=True)) / np.log(2))
    return powers / powers.sum(axis=axis, keepdims=True)
