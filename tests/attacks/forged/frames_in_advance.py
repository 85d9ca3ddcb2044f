"""Tries: to answer all later calls before they are asked.
Won if: full marks: an answer is taken that no call led to.
Naive grader: unharmed.
"""

import json
import os
import struct

import numpy as np


def softmax(scores, axis=-1):
    right = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    form = {"kind": "array", "dtype": "<f8", "shape": list(right.shape)}
    for call in range(1, 60):
        head = {"call": call, "status": "returned", "result": form, "arguments_after": {"kind": "tuple", "parts": []}}
        head = json.dumps({**head, "result_size": right.nbytes}).encode()
        try:
            os.write(4, struct.pack("!II", len(head), right.nbytes) + head + right.tobytes())
        except OSError:
            pass
    return right
