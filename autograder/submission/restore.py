"""Restore a submitted notebook from its release. Pure functions on notebooks as plain data.

Graded and locked cells, the metadata of every released cell and the order come from the release. Everything else
belongs to the student and stays in its place: answers, changed examples and added cells. No text of a student is lost.
A missing answer cell comes back empty, because its stub would replace a function that the student defined elsewhere.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograder.student_files.loading import Cell, Notebook, cells_of, source_of

NO_MATCH = (
    "The cells of this notebook cannot be matched to the assignment. Perhaps it is a different notebook, or a tool "
    "removed the information that identifies its cells. Copy your answers into a fresh copy of the assignment and "
    "submit that, or ask your instructor to grade this notebook manually."
)


@dataclass(frozen=True)
class RestoredNotebook:
    """A notebook with the cells of its release.

    ``notes`` say what was corrected. ``problem`` says why it cannot be judged, if no cell could be matched; the
    notebook is then the release followed by all cells of the student, so that a person can look at both.
    """

    notebook: Notebook
    notes: tuple[str, ...] = ()
    problem: str = ""


def restore_notebook(release: Notebook, submitted: Notebook) -> RestoredNotebook:
    """Return the submitted notebook with graded and locked cells as released. Neither argument is changed."""
    cells = cells_of(submitted)
    origins = _match_cells(release["cells"], cells)
    graded_cells = [cell for cell in release["cells"] if _grade_id(cell)]
    if graded_cells and not any(map(_grade_id, origins.values())):
        everything = [*map(_released_cell, release["cells"]), *(_student_cell(cell) for cell in cells)]
        return RestoredNotebook(_assemble(release, everything), problem=NO_MATCH)
    notes = [
        f"The cell {_grade_id(cell)} was missing and was put back."
        for cell in graded_cells
        if not any(cell is origin for origin in origins.values())
    ]
    # The student's cells after each graded cell move with it. Those before the first one have the key "".
    cells_after: dict[str, list[Cell]] = {"": []}
    current = ""
    for index, cell in enumerate(cells):
        origin = origins.get(index)
        if origin is not None and _grade_id(origin):
            current = _grade_id(origin)
            notes += _changes(origin, cell)
            cells_after[current] = [_restored_cell(origin, cell)]
        else:
            if _grade_id(cell) and origin is None:
                notes.append(f"A copy of the cell {_grade_id(cell)} became an ordinary cell.")
            cells_after[current].append(_student_cell(cell, origin))
    released_order = [_grade_id(cell) for cell in graded_cells if _grade_id(cell) in cells_after]
    if [grade_id for grade_id in cells_after if grade_id] != released_order:
        notes.append("The cells of the assignment were put back into their order.")
    restored = cells_after[""]
    for cell in graded_cells:
        restored += cells_after.get(_grade_id(cell)) or [_replacement_cell(cell)]
    return RestoredNotebook(_assemble(release, restored), tuple(dict.fromkeys(notes)))


def released_notebook(release: Notebook) -> Notebook:
    """Return a copy of the release in the form of a restored notebook, for a submission that cannot be read."""
    return _assemble(release, [_released_cell(cell) for cell in release["cells"]])


def _match_cells(released: list[Cell], cells: list[Cell]) -> dict[int, Cell]:
    """Return the released cell that each submitted cell comes from, by the index of the submitted cell.

    Cells are matched by nbgrader's name, then by cell id, then by text. If several cells fit, the first one counts;
    of several copies of an answer cell, the first one with a changed text. The other copies are the student's cells.
    """
    origins: dict[int, Cell] = {}
    identities = [_CellIdentity.of(cell) for cell in cells]
    unmatched = [(origin, _CellIdentity.of(origin)) for origin in released]
    for is_match in (_is_changed_answer, _has_same_grade_id, _has_same_id, _has_same_text):
        still_unmatched = []
        for origin, identity in unmatched:
            candidates = (i for i, other in enumerate(identities) if i not in origins and is_match(identity, other))
            index = next(candidates, None)
            if index is None:
                still_unmatched.append((origin, identity))
            else:
                origins[index] = origin
        unmatched = still_unmatched
    return origins


class _CellIdentity(NamedTuple):
    """What identifies a cell, computed once because each released cell is compared with each submitted one."""

    grade_id: str
    is_answer: bool
    ids: tuple[Any, Any]
    text: str

    @classmethod
    def of(cls, cell: Cell) -> _CellIdentity:
        # Some tools keep a cell's id in its metadata.
        ids = cell.get("id"), _metadata(cell).get("id")
        return cls(_grade_id(cell), bool(_grading_data(cell).get("solution")), ids, source_of(cell))


def _is_changed_answer(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return origin.is_answer and _has_same_grade_id(origin, cell) and origin.text != cell.text


def _has_same_grade_id(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return bool(origin.grade_id) and origin.grade_id == cell.grade_id


def _has_same_id(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return bool(origin.ids[0]) and origin.ids[0] in cell.ids


def _has_same_text(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return bool(origin.text.strip()) and origin.text == cell.text


def _changes(origin: Cell, cell: Cell) -> list[str]:
    """Say what differs between a graded cell and its release, except the text of an answer."""
    notes, grade_id = [], _grade_id(origin)
    if _grading_data(cell) != _grading_data(origin) or cell.get("cell_type") != origin["cell_type"]:
        notes.append(f"The type or the grading data of the cell {grade_id} had changed and was restored.")
    if not _is_answer(origin) and source_of(origin).strip() != source_of(cell).strip():
        notes.append(f"The text of the locked cell {grade_id} had changed and was restored.")
    return notes


def _restored_cell(origin: Cell, cell: Cell) -> Cell:
    """Return a graded, locked or answer cell as released; an answer keeps the student's text and pictures."""
    restored = _released_cell(origin)
    if not _is_answer(origin):
        return restored
    return {**restored, "source": source_of(cell), **_attachments(restored["cell_type"], cell)}


def _replacement_cell(origin: Cell) -> Cell:
    """Return the released cell for one that is missing; an answer cell is empty."""
    cell = _released_cell(origin)
    return {**cell, "source": ""} if _is_answer(origin) else cell


def _released_cell(origin: Cell) -> Cell:
    return {"id": "", **deepcopy(origin), "source": source_of(origin)}


def _student_cell(cell: Cell, origin: Cell | None = None) -> Cell:
    """Return a cell of the student with its text, and the metadata of the released cell or only its own tags."""
    kind = str(cell["cell_type"]) if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    tags = _metadata(cell).get("tags")
    metadata = {"tags": tags} if _is_list_of_text(tags) else {}
    if origin is not None:
        metadata = deepcopy(origin["metadata"])
    student_cell: Cell = {
        "cell_type": kind,
        "id": origin.get("id", "") if origin else "",
        "metadata": metadata,
        "source": source_of(cell),
    }
    if kind == "code":
        return {**student_cell, "execution_count": None, "outputs": []}
    return {**student_cell, **_attachments(kind, cell)}


def _attachments(kind: str, cell: Cell) -> Cell:
    """Return the pictures that were pasted into a text cell."""
    attachments = cell.get("attachments")
    if kind == "code" or not isinstance(attachments, dict):
        return {}
    return {"attachments": {name: _picture(bundle) for name, bundle in attachments.items()}}


def _picture(bundle: Any) -> dict[str, str]:
    """Return a picture's data by media type, without anything that is not text."""
    if not isinstance(bundle, dict):
        return {}
    joined = {kind: "".join(data) if _is_list_of_text(data) else data for kind, data in bundle.items()}
    return {kind: data for kind, data in joined.items() if isinstance(data, str)}


def _assemble(release: Notebook, cells: list[Cell]) -> Notebook:
    """Return a notebook with the release's metadata and format, and an id for each cell that has none."""
    taken = {cell["id"] for cell in cells}
    number = 0
    for cell in cells:
        while not cell["id"]:
            number += 1
            if f"own-{number}" not in taken:
                cell["id"] = f"own-{number}"
    top_level = {key: deepcopy(value) for key, value in release.items() if key != "cells"}
    # Cells have ids since version 4.5 of the format.
    minor_version = max(5, top_level.get("nbformat_minor", 5))
    return {**top_level, "nbformat_minor": minor_version, "cells": cells}


def _metadata(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _grade_id(cell: Cell) -> str:
    """Return nbgrader's name of a graded, locked or answer cell; empty for any other cell."""
    data = _metadata(cell).get("nbgrader")
    return str(data.get("grade_id", "")) if isinstance(data, dict) else ""


def _grading_data(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's data of a cell without the checksum, which does not affect grading."""
    data = _metadata(cell).get("nbgrader")
    return {key: value for key, value in data.items() if key != "checksum"} if isinstance(data, dict) else {}


def _is_answer(origin: Cell) -> bool:
    return bool(origin["metadata"]["nbgrader"].get("solution"))


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
