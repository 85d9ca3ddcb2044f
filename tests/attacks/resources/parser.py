"""Tries: a text of 300 kB that takes the parser many seconds.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

compile("f'" + "{0}" * 100_000 + "'", "long", "exec")
