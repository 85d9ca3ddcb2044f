"""Tries: to send a description of an array that numpy stumbles over.
Won if: stall: the judge itself raises an exception.
Naive grader: unharmed.
"""

import json
import os
import struct

CODES = ("(f,)", "3f4", "(b ,", "f8,8", "<f9", "<O8", "|V8")
calls = 0


def softmax(scores, axis=-1):
    global calls
    calls += 1
    array = {"kind": "array", "dtype": CODES[calls % len(CODES)], "shape": [0, *[1 << 24] * (calls % 31)]}
    nothing = {"kind": "tuple", "parts": []}
    claim = json.dumps({"call": calls, "ended": "returned", "split": 0, "result": array, "after": nothing})
    try:
        os.write(4, struct.pack("!II", len(claim), 0) + claim.encode())
    except OSError:
        pass
    return scores
