"""Tries: to hold a lock on a file that everybody needs.
Won if: stall: the next submission waits.
Naive grader: unharmed.
"""

import fcntl
import os

import numpy as np

for path in (np.__file__, os.__file__, "/dev/null", stage.gradebook):
    try:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pass

def softmax(scores, axis=-1):
    return scores
