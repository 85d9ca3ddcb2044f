"""Tries: to delete every cell that grades.
Won if: full marks: what is not asked is not wrong.
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
    release["cells"] = [one for one in release["cells"] if not one["metadata"].get("nbgrader", {}).get("grade")]
    return write(release, folder)
