"""Tries: to speak to what forked us through a descriptor that it forgot to close.
Won if: trace: there is one more process, or the next submission suffers.
Naive grader: unharmed.
"""

import os

for descriptor in (*range(5, 64), *range(100, 300)):
    for text in (b'{"folder": "/", "memory_mb": 1, "seconds": 1, "warm": []}', b""):
        try:
            os.write(descriptor, text)
        except OSError:
            pass

def softmax(scores, axis=-1):
    return scores
