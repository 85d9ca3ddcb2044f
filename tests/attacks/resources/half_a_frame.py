"""Tries: to send half a message, and nothing more.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: in its process there is no other side.
"""

import os
import time


def softmax(scores, axis=-1):
    os.write(4, bytes(5))
    time.sleep(1000)
