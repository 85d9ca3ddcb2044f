"""Tries: to tell the hidden inputs where only names are expected: of an exception, of a type, of a cell.
Won if: leak: hidden values are in the report.
Naive grader: unharmed.
"""

import json
import os
import struct

calls = 0


def softmax(scores, axis=-1):
    global calls
    calls += 1
    words = " ".join(repr(float(value)) for value in scores.ravel())
    claim = {"call": calls, "status": "raised", "type_name": words, "message": words, "source_name": words, "line": 7}
    claim = json.dumps(claim).encode()
    try:
        os.write(4, struct.pack("!II", len(claim), 0) + claim)
    except OSError:
        pass
    return type(words, (), {})()
