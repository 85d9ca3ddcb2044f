"""Tries: to run commands through IPython's ways to do so.
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
    command = f"touch {stage['drop']}/loot"
    lines = [f"!{command}", f"x = !{command}", f"%%bash\n{command}", f"%system {command}", f"%sx {command}", f"get_ipython().system({command!r})"]
    release["cells"][1:1] = [dict(cell(line), id=f"added{number}") for number, line in enumerate(lines)]
    return write(release, folder)
