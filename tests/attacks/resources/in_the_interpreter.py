"""Tries: to stay in one call that Python cannot interrupt.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

def softmax(scores, axis=-1):
    return sum(range(10**12))
