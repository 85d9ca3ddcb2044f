"""Tries: to write an assertion that always holds into the cell that grades.
Won if: full marks: the cell's text is taken from the submission.
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
    for one in release["cells"]:
        if one["metadata"].get("nbgrader", {}).get("grade"):
            one["source"] = "assert True\nprint('score 5')"
    return write(release, folder)
