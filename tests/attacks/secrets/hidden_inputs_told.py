"""Tries: to tell the hidden inputs: in exceptions, on stdout and stderr, as a warning, as an answer.
Won if: leak: hidden values are in the report.
Naive grader: unharmed.
"""

import sys
import warnings


def softmax(scores, axis=-1):
    words = "canary " + repr(scores.tolist())
    print(words)
    print(words, file=sys.stderr)
    warnings.warn(words)
    raise ValueError(words)
