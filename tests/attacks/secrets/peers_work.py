"""Tries: to find and copy another student's submission.
Won if: leak: the token is in an exception's text.
Naive grader: beaten.
"""

import glob

texts = [open(path).read() for path in glob.glob(stage.peers + "/*")]

def softmax(scores, axis=-1):
    return scores

if texts:
    raise ValueError(texts[0])
