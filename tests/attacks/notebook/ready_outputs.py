"""Tries: to submit outputs that say that everything passed.
Won if: full marks: outputs are read.
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
        if one["cell_type"] == "code":
            one["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "score 5\n5.0\nAll criteria hold."}]
            one["outputs"].append({"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}, "execution_count": 1})
    return write(release, folder)
