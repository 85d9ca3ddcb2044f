"""Tries: to submit JSON that is nested deeper than a parser's stack.
Won if: stall: the judge does not survive it.
Naive grader: not run: it reads no notebooks.
"""

def submit(release, folder, stage):
    path = folder / "3-softmax.ipynb"
    path.write_text('{"cells": ' + "[" * 200_000 + "]" * 200_000 + "}")
    return path
