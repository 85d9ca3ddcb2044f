"""Tries: to submit a file of a terabyte that takes no room.
Won if: stall: the judge reads it.
Naive grader: not run: it reads no notebooks.
"""

import os


def submit(release, folder, stage):
    path = folder / "3-softmax.ipynb"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 40)
    return path
