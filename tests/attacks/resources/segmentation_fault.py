"""Tries: to crash the interpreter.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import ctypes


def softmax(scores, axis=-1):
    ctypes.string_at(0)
