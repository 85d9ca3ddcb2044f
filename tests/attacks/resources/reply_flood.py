"""Tries: to write to the judge without end.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: unharmed.
"""

import os

os.set_blocking(4, True)
while True:
    os.write(4, b"{" * (1 << 20))
