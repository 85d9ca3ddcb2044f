import numpy as np


# Any shift near the maximum will do; this one is a whole number.
def softmax(scores, axis=-1):
    powers = np.exp(scores - np.ceil(np.max(scores, axis=axis, keepdims=True)))
    return powers / powers.sum(axis=axis, keepdims=True)
