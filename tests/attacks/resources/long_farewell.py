"""Tries: to hold up the end: in atexit, in __del__, in a thread that is no daemon.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import atexit
import threading
import time

atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()


class Last:
    def __del__(self):
        time.sleep(1000)


kept = Last()

def softmax(scores, axis=-1):
    return scores
