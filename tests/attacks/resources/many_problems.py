"""Tries: to report a hundred thousand exceptions.
Won if: leak: the report is flooded.
Naive grader: unharmed.
"""

import json
import os
import struct

error = {"source_name": "code", "type_name": "E", "message": "t" * 300, "line": 10**4000}
claim = {"defined": True, "callable": True, "errors": [error] * 400}
claim = json.dumps(claim).encode()
try:
    os.write(4, struct.pack("!II", len(claim), 0) + claim)
except OSError:
    pass

def softmax(scores, axis=-1):
    return scores
