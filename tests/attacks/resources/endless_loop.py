"""Tries: never to return.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

def softmax(scores, axis=-1):
    while True:
        pass
