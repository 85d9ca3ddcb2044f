import numpy as np


def softmax(scores, axis=-1):
    exact = np.array(scores, dtype=np.longdouble)
    exact -= exact.max(axis=axis, keepdims=True)
    np.exp(exact, out=exact)
    exact /= exact.sum(axis=axis, keepdims=True)
    return exact.astype(np.float64)
