"""A submitted notebook rebuilt from its release: pure, on notebooks as plain data.

Graded and locked cells, the metadata of every released cell and their order come from the release. Everything else is
the student's and stays at its place: answers, changed examples, added cells. Nothing that a student wrote is dropped.
An answer cell that is gone comes back empty: a stub would undo what its author defines in a cell of the own.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

from autograder.student_files.loading import source_of

Cell = dict[str, Any]
Notebook = dict[str, Any]


class AlteredNotebookError(Exception):
    """No cell of the submission can be matched to a graded or answer cell of the release.

    ``notebook`` is the release with the student's cells behind it, for a person to look at everything in one place.
    """

    def __init__(self, notebook: Notebook) -> None:
        super().__init__(
            "The cells of this notebook cannot be matched to the assignment: another notebook was handed in, or a tool "
            "removed what identifies its cells. Copy the answers into a fresh copy of the assignment, or mark by hand."
        )
        self.notebook = notebook


def restore_notebook(release: Notebook, submitted: Notebook) -> tuple[Notebook, tuple[str, ...]]:
    """The notebook to judge, and a sentence for each thing that was put right; `Altered` where nothing matches."""
    cells = [cell for cell in submitted["cells"] if isinstance(cell, dict)]
    matches = _match(release["cells"], cells)
    fixed = [cell for cell in release["cells"] if _name(cell)]
    if fixed and not any(_name(cell) for cell in matches.values()):
        raise AlteredNotebookError(_notebook(release, [*map(_released, release["cells"]), *map(_own, cells)]))
    notes = [f"The cell {_name(cell)} was missing and was put back." for cell in fixed if cell not in matches.values()]
    # Each fixed cell brings along the student's cells that follow it; those before the first one come first.
    trains: dict[str, list[Cell]] = {"": []}
    here = ""
    for number, cell in enumerate(cells):
        origin = matches.get(number)
        if origin is not None and _name(origin):
            here = _name(origin)
            trains[here] = [_restored(origin, cell, notes)]
        else:
            trains[here].append(_own(cell, origin))
            if _name(cell) and origin is None:
                notes.append(f"A copy of the cell {_name(cell)} became an ordinary cell.")
    order = [_name(cell) for cell in fixed]
    if [name for name in trains if name] != [name for name in order if name in trains]:
        notes.append("The cells of the assignment were put back into their order.")
    rebuilt = trains[""]
    for cell in fixed:
        rebuilt += trains.get(_name(cell), [_put_back(cell)])
    return _notebook(release, rebuilt), tuple(dict.fromkeys(notes))


def _match(released: list[Cell], cells: list[Cell]) -> dict[int, Cell]:
    """Which released cell each submitted cell is, by position: by nbgrader's name, else by cell id, else by text.

    The first cell that fits is the one, of copies of an answer the first that somebody wrote in; further copies are
    the student's own cells.
    """
    found: dict[int, Cell] = {}
    keys = [_Keys.of(cell) for cell in cells]
    left = [(origin, _Keys.of(origin)) for origin in released]
    for fits in (_answered, _same_name, _same_id, _same_text):
        unmatched = []
        for origin, key in left:
            number = next((n for n, other in enumerate(keys) if n not in found and fits(key, other)), None)
            if number is None:
                unmatched.append((origin, key))
            else:
                found[number] = origin
        left = unmatched
    return found


class _Keys(NamedTuple):
    """What a cell is known by, looked up once: every cell is compared with every other."""

    name: str
    answer: bool
    ids: tuple[Any, Any]
    text: str

    @classmethod
    def of(cls, cell: Cell) -> _Keys:
        ids = cell.get("id"), _metadata(cell).get("id")
        return cls(_name(cell), bool(_grading(cell).get("solution")), ids, source_of(cell))


def _answered(origin: _Keys, cell: _Keys) -> bool:
    return origin.answer and _same_name(origin, cell) and origin.text != cell.text


def _same_name(origin: _Keys, cell: _Keys) -> bool:
    return bool(origin.name) and origin.name == cell.name


def _same_id(origin: _Keys, cell: _Keys) -> bool:
    return bool(origin.ids[0]) and origin.ids[0] in cell.ids


def _same_text(origin: _Keys, cell: _Keys) -> bool:
    return bool(origin.text.strip()) and origin.text == cell.text


def _restored(origin: Cell, cell: Cell, notes: list[str]) -> Cell:
    """A graded, locked or answer cell as released; an answer keeps the student's text."""
    new, name = _released(origin), _name(origin)
    if _grading(cell) != _grading(origin) or cell.get("cell_type") != origin["cell_type"]:
        notes.append(f"The kind or the grading data of the cell {name} had changed and was restored.")
    if origin["metadata"]["nbgrader"].get("solution"):
        new |= {"source": source_of(cell), **_pasted(new["cell_type"], cell)}
    elif source_of(origin).strip() != source_of(cell).strip():
        notes.append(f"The text of the locked cell {name} had changed and was restored.")
    return new


def _put_back(origin: Cell) -> Cell:
    """A released cell for one that is gone; an answer cell is empty."""
    answer = origin["metadata"]["nbgrader"].get("solution")
    return _released(origin) | ({"source": ""} if answer else {})


def _released(origin: Cell) -> Cell:
    """A copy of a released cell, its text as one string."""
    return {"id": "", **deepcopy(origin), "source": source_of(origin)}


def _own(cell: Cell, origin: Cell | None = None) -> Cell:
    """A cell of the student's: its text, and of its metadata what the release says, or its tags."""
    kind = str(cell["cell_type"]) if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    tags = _metadata(cell).get("tags")
    metadata = deepcopy(origin["metadata"]) if origin else {"tags": tags} if _are_tags(tags) else {}
    new: Cell = {
        "cell_type": kind,
        "id": origin.get("id", "") if origin else "",
        "metadata": metadata,
        "source": source_of(cell),
    }
    return new | ({"execution_count": None, "outputs": []} if kind == "code" else _pasted(kind, cell))


def _pasted(kind: str, cell: Cell) -> Cell:
    """The pictures that were pasted into a text cell."""
    pictures = cell.get("attachments")
    return {"attachments": deepcopy(pictures)} if kind != "code" and isinstance(pictures, dict) else {}


def _notebook(release: Notebook, cells: list[Cell]) -> Notebook:
    """The cells with ids that are there and unique, under the release's own metadata and format."""
    taken = {cell["id"] for cell in cells}
    number = 0
    for cell in cells:
        while not cell["id"]:
            number += 1
            if f"own-{number}" not in taken:
                cell["id"] = f"own-{number}"
    frame = {key: deepcopy(value) for key, value in release.items() if key != "cells"}
    return {**frame, "nbformat_minor": max(5, frame.get("nbformat_minor", 5)), "cells": cells}  # since 5 there are ids


def _metadata(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _name(cell: Cell) -> str:
    """nbgrader's name of a graded, locked or answer cell; empty for any other."""
    data = _metadata(cell).get("nbgrader")
    return str(data.get("grade_id", "")) if isinstance(data, dict) else ""


def _grading(cell: Cell) -> dict[str, Any]:
    """nbgrader's data of a cell, but for the checksum, which says nothing about how the cell is graded."""
    data = _metadata(cell).get("nbgrader")
    return {key: value for key, value in data.items() if key != "checksum"} if isinstance(data, dict) else {}


def _are_tags(tags: Any) -> bool:
    return isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)
