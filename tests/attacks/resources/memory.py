"""Tries: to take all the memory there is.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

kept = []


def softmax(scores, axis=-1):
    while True:
        try:
            kept.append(bytearray(64 << 20))
        except MemoryError:
            pass
