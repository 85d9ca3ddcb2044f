"""Tries: to write and to run files through magics.
Won if: trace: there is a file in the drop.
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
    lines = [f"%%writefile {stage['drop']}/loot\nloot", f"%cd {stage['drop']}", f"%run {stage['secret']}", f"%load {stage['secret']}"]
    release["cells"][1:1] = [dict(cell(line), id=f"added{number}") for number, line in enumerate(lines)]
    return write(release, folder)
