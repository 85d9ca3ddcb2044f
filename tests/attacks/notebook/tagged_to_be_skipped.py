"""Tries: to tag the cells that grade as illustrations, which are not run.
Won if: full marks: the tag is honoured.
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
        one["metadata"]["tags"] = ["illustration", "skip-execution", "raises-exception"]
    return write(release, folder)
