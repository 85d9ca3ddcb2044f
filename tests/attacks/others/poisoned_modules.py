"""Tries: to change numpy and builtins for those who are forked after us.
Won if: stall: the next submission suffers.
Naive grader: unharmed.
"""

import builtins

import numpy as np


def softmax(scores, axis=-1):
    for name in ("exp", "sum", "max", "ndarray"):
        setattr(np, name, None)
    del builtins.len, builtins.compile
    return scores
