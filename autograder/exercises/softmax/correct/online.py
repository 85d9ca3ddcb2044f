import numpy as np


# One pass: keep the largest score so far, and the sum relative to it.
def softmax(scores, axis=-1):
    moved = np.moveaxis(np.asarray(scores, dtype=float), axis, 0)
    top = np.full(moved.shape[1:], -np.inf)
    total = np.zeros(moved.shape[1:])
    for row in moved:
        higher = np.maximum(top, row)
        total = total * np.exp(top - higher) + np.exp(row - higher)
        top = higher
    return np.moveaxis(np.exp(moved - top) / total, 0, axis)
