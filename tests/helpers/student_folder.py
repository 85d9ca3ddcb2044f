"""A student's folder: the files that students get, a notebook, and ways to run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from autograder.authoring.public_data import public_data
from autograder.course.catalogue import load_exercises

STUDENT_FILES = Path(__file__).parents[2] / "autograder" / "student_files"
COPIED_FILES = (
    "selfcheck.py",
    "comparing.py",
    "loading.py",
    "notebook_code.py",
    "magics.py",
    "cell_names.py",
    "pytest.ini",
)
EXERCISES = load_exercises()
SETUP = "import numpy as np\nfrom selfcheck import check"
HEAD = "def softmax(scores, axis=-1):\n    "
RIGHT = HEAD + (
    "powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))\n"
    "    return powers / powers.sum(axis=axis, keepdims=True)"
)
NO_SHIFT = RIGHT.replace(" - np.max(scores, axis=axis, keepdims=True)", "")
STUB = HEAD + "raise NotImplementedError()"
WARNS = "import warnings\n" + RIGHT.replace("powers =", "warnings.warn('careful'); open('x', 'w'); powers =", 1)
MISSPELT = RIGHT.replace("def softmax", "def sofmax")
IN_PLACE = HEAD + (
    "scores -= np.max(scores, axis=axis, keepdims=True)\n    np.exp(scores, out=scores)\n"
    "    scores /= scores.sum(axis=axis, keepdims=True)\n    return scores"
)


def save_notebook(folder: Path, *cells: str, name: str = "3-softmax", illustrations: tuple[str, ...] = ()) -> None:
    """Save a notebook with these code cells."""
    code_cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": str(i)}
        for i, source in enumerate((*cells, *illustrations))
    ]
    for cell in code_cells[len(cells) :]:
        cell["metadata"] = {"tags": ["illustration"]}
    notebook = {"cells": code_cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


def make_student_folder(folder: Path, name: str = "3-softmax", function: str = "softmax") -> Path:
    """Put the files that students get into a folder, without the notebook."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in COPIED_FILES:
        shutil.copy(STUDENT_FILES / file, folder)
    shutil.copy(STUDENT_FILES / "test_template.py", folder / f"test_{name.replace('-', '_')}.py")
    (folder / "selfcheck.json").write_text(_selfcheck_json(name, function), encoding="utf-8")
    return folder


@cache
def _selfcheck_json(name: str, function: str) -> str:
    return json.dumps(public_data([EXERCISES[function]], f"{name}.ipynb"), indent=1)


def run_python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, without any setting of this project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    env = kept | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | environment
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, errors="replace")


def run_selfcheck(folder: Path, *cells: str) -> tuple[int, str]:
    """Run `python selfcheck.py` on a notebook with these cells.

    Return its exit status and its output as one line, without the sentence on the file.
    """
    save_notebook(folder, *cells)
    process = run_python(folder, "-W", "error", "selfcheck.py")
    assert process.stderr == ""
    first_line, _, output = process.stdout.partition("\n")
    assert first_line.startswith("Read 3-softmax.ipynb, saved ")
    return process.returncode, " ".join(output.split())
