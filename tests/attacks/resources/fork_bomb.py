"""Tries: to start processes without end.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
