"""Tries: to print without end.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

import sys

while True:
    sys.stdout.write("x" * (1 << 20))
