"""Tries: to submit a pipe that nobody writes to.
Won if: stall: the judge waits for it.
Naive grader: not run: it reads no notebooks.
"""

import os


def submit(release, folder, stage):
    path = folder / "softmax.py"
    os.mkfifo(path)
    return path
