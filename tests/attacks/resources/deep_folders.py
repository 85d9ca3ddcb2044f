"""Tries: to leave folders too deep to be removed.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: not run: it would harm the machine.
"""

import os

for _ in range(4000):
    os.mkdir("deep")
    os.chdir("deep")
