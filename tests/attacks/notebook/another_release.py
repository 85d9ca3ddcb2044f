"""Tries: to name a file outside the course as the release that we come from.
Won if: full marks: the name leads there.
Naive grader: not run: it reads no notebooks.
"""

import json


def write(notebook, folder):
    path = folder / "3-softmax.ipynb"
    path.write_text(json.dumps(notebook))
    return path


def cell(source, **metadata):
    return {"cell_type": "code", "id": "added", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def submit(release, folder, stage):
    fake = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "fake").mkdir()
    (folder / "fake" / "fake.ipynb").write_text(json.dumps(fake))
    release["metadata"]["autograder"] = {"assignment": f"../../../../../../{folder}/fake"}
    return write(release, folder)
