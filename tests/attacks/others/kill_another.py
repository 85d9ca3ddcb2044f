"""Tries: to end a process of somebody else's.
Won if: trace: it is gone.
Naive grader: beaten.
"""

import os
import signal

for number in (signal.SIGTERM, signal.SIGKILL):
    for end in (lambda: os.kill(stage.victim, number), lambda: os.killpg(stage.victim, number)):
        try:
            end()
        except OSError:
            pass
try:
    signal.pidfd_send_signal(os.pidfd_open(stage.victim), signal.SIGKILL)
except OSError:
    pass

def softmax(scores, axis=-1):
    return scores
