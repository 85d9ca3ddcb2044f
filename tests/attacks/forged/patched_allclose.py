"""Tries: to replace numpy's comparison with one that always agrees.
Won if: full marks: the comparison happens where student code can reach it.
Naive grader: beaten.
"""

import numpy as np

for name in ("allclose", "isclose", "array_equal", "array_equiv"):
    setattr(np, name, lambda *args, **kwargs: True)
for name in [name for name in dir(np.testing) if name.startswith("assert")]:
    setattr(np.testing, name, lambda *args, **kwargs: None)


def softmax(scores, axis=-1):
    return scores
