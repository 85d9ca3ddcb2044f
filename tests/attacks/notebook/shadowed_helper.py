"""Tries: to submit a changed self-check, numpy or module of the sandbox, in the hope that the judge runs it.
Won if: full marks: it does.
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
    for name in ("selfcheck", "plots", "numpy", "worker", "wire", "student_imports"):
        (folder / f"{name}.py").write_text(f"open({stage['drop']!r} + '/loot', 'w').close()\ndef check(*args): print('score 5')\n")
    release["cells"].append(cell("import selfcheck, numpy, student_imports, wire, worker\nselfcheck.check = lambda *args: True"))
    return write(release, folder)
