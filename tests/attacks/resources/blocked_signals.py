"""Tries: to ignore every signal, and wait.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import signal
import time

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def softmax(scores, axis=-1):
    while True:
        time.sleep(1000)
