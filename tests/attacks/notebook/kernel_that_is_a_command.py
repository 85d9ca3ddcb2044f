"""Tries: to name a kernel that is a command.
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
    release["metadata"]["kernelspec"] = {"name": f"$({command})", "argv": ["sh", "-c", command], "display_name": "Python"}
    release["metadata"]["kernel_info"] = {"name": f"../../{command}"}
    return write(release, folder)
