import functools

import numpy as np


@functools.lru_cache(maxsize=None)
def root(number):
    # Newton's method
    guess = float(number)
    for _ in range(60):
        guess = (guess + number / guess) / 2
    return guess


def scale_scores(scores, d_k):
    return np.true_divide(scores, root(d_k))
