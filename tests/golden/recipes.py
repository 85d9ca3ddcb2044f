"""Small edits from which submissions are made: each takes a notebook as released, and returns another one.

The release is the course's own, so that the submissions follow when it changes.
"""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader import utils

ROOT = Path(__file__).parents[2]
Notebook = dict[str, Any]
Cell = dict[str, Any]

RIGHT = """def softmax(scores, axis=-1):
    powers = np.exp(scores - np.max(scores, axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)"""
WITHOUT_SHIFT = """def softmax(scores, axis=-1):
    powers = np.exp(scores)
    return powers / powers.sum(axis=axis, keepdims=True)"""
STUB = """def softmax(scores, axis=-1):
    # YOUR CODE HERE
    raise NotImplementedError()"""
OF_ROW = """def weights_of_row(row):
    powers = np.exp(row - row.max())
    return powers / powers.sum()"""
WITH_OF_ROW = """def softmax(scores, axis=-1):
    return np.apply_along_axis(weights_of_row, axis, np.asarray(scores, dtype=float))"""
ESSAYS = {
    "senses": "The court was full of players. The court heard the case. First a place for sport, then a place of law.",
    "prediction": "I expect 0.6 for 'players', then 'full', then 'court' itself, because they share components.",
    "evidence": "'players' got 0.55, as predicted. 'full' was lower than expected: my vectors gave it little weight.",
    "mechanism": "A weight depends on all words of the sentence. The new vector is a mix of values. It knows no order.",
}

# The smallest pictures of their kinds, as notebooks store them.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
COLAB_BADGE = (
    '<a href="https://colab.research.google.com/github/x">'
    '<img src="https://colab.research.google.com/assets/colab-badge.svg"/></a>'
)


def released(assignment: str = "3-softmax") -> Notebook:
    """Return the notebook of an assignment as students get it."""
    path = ROOT / "assignments" / assignment / f"{assignment}.ipynb"
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def answered(source: str = RIGHT, **answers: str) -> Notebook:
    """Return 3-softmax with an answer, and with other cells by their names."""
    return filled(released(), softmax=source, **{name.replace("_", "-"): text for name, text in answers.items()})


def essays(**answers: str) -> Notebook:
    """Return 6-reflection with all answers; those that are named here replace the others."""
    return filled(released("6-reflection"), **(ESSAYS | answers))


def filled(notebook: Notebook, **answers: str) -> Notebook:
    """Type texts into cells, by the cells' names."""
    notebook = copy.deepcopy(notebook)
    for name, text in answers.items():
        cell_named(notebook, name)["source"] = text
    return notebook


def name_of(cell: Cell) -> str:
    """Return the name by which nbgrader knows a cell."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def checksum(cell: Cell) -> str:
    """Return nbgrader's checksum of a cell, by which it knows that a cell was not changed."""
    return str(utils.compute_checksum(NotebookNode({**cell, "metadata": from_dict(cell["metadata"])})))


def cell_named(notebook: Notebook, name: str) -> Cell:
    """Return the first cell with this name."""
    return next(cell for cell in notebook["cells"] if name_of(cell) == name)


def cell_with(notebook: Notebook, text: str) -> Cell:
    """Return the first cell in whose source a text occurs."""
    return next(cell for cell in notebook["cells"] if text in cell["source"])


def code(source: str, **metadata: Any) -> Cell:
    """Return a new code cell."""
    number = abs(hash(source)) % 10**8
    cell = {"cell_type": "code", "execution_count": None, "id": f"new-{number}", "metadata": metadata}
    return {**cell, "outputs": [], "source": source}


def text(source: str, **metadata: Any) -> Cell:
    """Return a new text cell."""
    return {"cell_type": "markdown", "id": f"new-{abs(hash(source)) % 10**8}", "metadata": metadata, "source": source}


def inserted(notebook: Notebook, *cells: Cell, above: str = "", below: str = "") -> Notebook:
    """Add cells above or below the cell with a name, or at the end."""
    notebook = copy.deepcopy(notebook)
    names = [name_of(cell) for cell in notebook["cells"]]
    place = names.index(above) if above else names.index(below) + 1 if below else len(names)
    notebook["cells"][place:place] = copy.deepcopy(list(cells))
    return notebook


def copied(notebook: Notebook, name: str, source: str | None = None, *, above: bool = False) -> Notebook:
    """Copy a cell and paste it below (or above) itself, as JupyterLab does: with all metadata except the id."""
    cell = copy.deepcopy(cell_named(notebook, name))
    cell["id"] = f"copy-{name}"
    if source is not None:
        cell["source"] = source
    return inserted(notebook, cell, **{"above" if above else "below": name})


def with_picture(notebook: Notebook, cell: str, file: str, data: str, words: str) -> Notebook:
    """Attach a picture to a cell, with the text that shows it; ``data`` is as notebooks store it."""
    notebook = filled(notebook, **{cell: words})
    kind = file.rsplit(".", 1)[1].replace("jpg", "jpeg")
    cell_named(notebook, cell)["attachments"] = {file: {f"image/{kind}": data}}
    return notebook


def marked_by_git(notebook: Notebook, line: str, ours: list[str], theirs: list[str]) -> str:
    """Return a file in which git left its marks in place of the first line that contains ``line``."""
    lines = as_text(notebook).splitlines()
    place = next(number for number, found in enumerate(lines) if line in found)
    marks = ["<<<<<<< HEAD", *ours, "=======", *theirs, ">>>>>>> work"]
    return "\n".join([*lines[:place], *marks, *lines[place + 1 :]])


def line_with(notebook: Notebook, text: str) -> str:
    """Return the first line of a notebook's file in which a text occurs."""
    return next(line for line in as_text(notebook).splitlines() if text in line)


def split(notebook: Notebook, name: str, *parts: str) -> Notebook:
    """Split a cell into parts, as JupyterLab does: each part has the metadata of the whole."""
    notebook = filled(notebook, **{name: parts[0]})
    for part in reversed(parts[1:]):
        notebook = copied(notebook, name, part)
    for number, cell in enumerate(cell for cell in notebook["cells"] if name_of(cell) == name):
        cell["id"] = f"part-{name}-{number}"
    return notebook


def without(notebook: Notebook, *names: str) -> Notebook:
    """Delete the cells with these names."""
    return {**notebook, "cells": [cell for cell in notebook["cells"] if name_of(cell) not in names]}


def moved(notebook: Notebook, name: str, place: int) -> Notebook:
    """Move a cell to a place counted from the top, or from the end if it is negative."""
    cell = cell_named(notebook, name)
    rest = without(notebook, name)
    cells = list(rest["cells"])
    cells.insert(place if place >= 0 else len(cells) + 1 + place, cell)
    return {**rest, "cells": cells}


def each_cell(notebook: Notebook, change: Callable[[Cell], Cell | None]) -> Notebook:
    """Change or drop every cell."""
    changed = (change(copy.deepcopy(cell)) for cell in notebook["cells"])
    return {**notebook, "cells": [cell for cell in changed if cell is not None]}


def without_metadata(notebook: Notebook) -> Notebook:
    """Drop the metadata of the notebook and of every cell, as converters do."""
    return {**each_cell(notebook, lambda cell: {**cell, "metadata": {}}), "metadata": {}}


def without_ids(notebook: Notebook) -> Notebook:
    """Drop the ids of cells, as nbformat 4.4 does."""
    changed = each_cell(notebook, lambda cell: {key: value for key, value in cell.items() if key != "id"})
    return {**changed, "nbformat_minor": 4}


def only(notebook: Notebook, *cells: Cell) -> Notebook:
    """Return a notebook with the metadata of another one and these cells."""
    return {**notebook, "cells": list(cells)}


def fresh(*cells: Cell) -> Notebook:
    """Return a notebook that a student began without the assignment."""
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def as_text(notebook: Notebook, **options: Any) -> str:
    """Return a notebook as the text of its file."""
    return json.dumps(notebook, **({"indent": 1} | options))


def save(folder: Path, notebook: Notebook | str | bytes, name: str = "3-softmax.ipynb") -> Path:
    """Put a file into the submitted folder, in a folder below it if its name says so."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    content = as_text(notebook) if isinstance(notebook, dict) else notebook
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def save_zip(folder: Path, name: str, files: Iterable[tuple[str, Notebook | str | bytes]]) -> Path:
    """Put an archive with these files into the submitted folder."""
    with zipfile.ZipFile(folder / name, "w") as archive:
        for inner, content in files:
            archive.writestr(inner, as_text(content) if isinstance(content, dict) else content)
    return folder / name
