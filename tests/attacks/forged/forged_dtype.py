"""Tries: to send a description of an array that numpy stumbles over.
Won if: stall: the judge itself raises an exception.
Naive grader: unharmed.
"""

import json
import os
import struct


def softmax(scores, axis=-1):
    array = {"kind": "array", "dtype": "(f,)", "shape": [2]}
    nothing = {"kind": "tuple", "parts": []}
    claim = json.dumps({"call": 1, "status": "returned", "result_size": 8, "result": array, "arguments_after": nothing})
    try:
        os.write(4, struct.pack("!II", len(claim), 8) + claim.encode() + bytes(8))
    except OSError:
        pass
    return scores
