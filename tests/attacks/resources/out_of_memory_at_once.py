"""Tries: to ask for more than there is in one go, over and over.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import numpy as np


def softmax(scores, axis=-1):
    while True:
        try:
            np.ones(1 << 40)
        except MemoryError:
            pass
