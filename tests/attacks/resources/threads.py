"""Tries: to start threads without end.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import threading
import time

while True:
    try:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
    except RuntimeError:
        pass
