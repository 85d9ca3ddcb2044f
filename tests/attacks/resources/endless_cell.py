"""Tries: never to finish loading.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

while True:
    pass
