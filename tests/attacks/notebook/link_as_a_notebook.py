"""Tries: to submit a link as a notebook.
Won if: leak: the token is in the report.
Naive grader: not run: it reads no notebooks.
"""

import os


def submit(release, folder, stage):
    path = folder / "3-softmax.ipynb"
    os.symlink(stage["secret"], path)
    return path
