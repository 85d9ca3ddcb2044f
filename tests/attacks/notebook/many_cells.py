"""Tries: to submit a hundred thousand empty cells.
Won if: stall: the judge takes longer than for a loop.
Naive grader: not run: it reads no notebooks.
"""

def submit(release, folder, stage):
    path = folder / "3-softmax.ipynb"
    empty = '{"cell_type": "code", "metadata": {}, "source": "", "outputs": []}'
    path.write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [' + ",".join([empty] * 100_000) + "]}")
    return path
