"""Tries: to submit the cell that grades twice, the second one harmless.
Won if: full marks: the last one counts.
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
    copies = [dict(one, source="assert True") for one in release["cells"] if one["metadata"].get("nbgrader", {}).get("grade")]
    release["cells"] += copies
    return write(release, folder)
