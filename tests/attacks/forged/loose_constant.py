"""Tries: the mean answer, in the hope of a loose tolerance.
Won if: full marks: the tolerance is wider than the spread of the answers.
Naive grader: unharmed.
"""

import numpy as np


def softmax(scores, axis=-1):
    return np.full(scores.shape, 1 / scores.shape[axis])
