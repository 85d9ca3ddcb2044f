"""Tries: to use up the file system's inodes.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import os

number = 0
while True:
    number += 1
    try:
        os.mkdir(f"d{number}")
        open(f"d{number}/f", "w").close()
    except OSError:
        pass
