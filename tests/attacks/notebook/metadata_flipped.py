"""Tries: to give ourselves more points, and to make the solution the locked part.
Won if: full marks: points and flags are taken from the submission.
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
        about = one["metadata"].get("nbgrader")
        if about:
            about.update(points=500, grade=not about.get("grade"), solution=not about.get("solution"), locked=False)
    return write(release, folder)
