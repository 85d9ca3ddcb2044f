import numpy as np


def one(vector):
    powers = np.exp(vector - np.max(vector))
    return powers / np.sum(powers)


softmax = lambda scores, axis=-1: np.apply_along_axis(one, axis, scores)
