"""Tries: a text of 900 kB that takes the parser many seconds.
Won if: stall: it costs more than its own limit, or the next submission suffers.
Naive grader: beaten.
"""

compile("f'" + "{0}" * 300_000 + "'", "long", "exec")
