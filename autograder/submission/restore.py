"""Restore a submitted notebook from its release. Pure functions on notebooks as plain data.

Graded and locked cells, the metadata of every released cell and the order come from the release. Everything else
belongs to the student and stays in its place: answers, changed examples and added cells. No text of a student is lost:
what was typed into a locked cell becomes a cell of the student's own below it.
A missing answer cell comes back empty, because its stub would replace a function that the student defined elsewhere.
"""

from __future__ import annotations

import hashlib
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from autograder.student_files.loading import Cell, Notebook, cells_of, source_of
from autograder.submission.answer_text import MAX_PARTS, code_in_markdown, defines_function, is_complete, join_parts
from autograder.submission.cell_matching import (
    Origins,
    answer_functions,
    exercise_functions,
    grade_id_of,
    grading_data,
    is_answer,
    match_cells,
    metadata_of,
    weigh_evidence,
)
from autograder.submission.student_work import Place, StudentText

NO_MATCH = (
    "The cells of this notebook cannot be matched to the assignment. Perhaps it is a different notebook, or a tool "
    "removed the information that identifies its cells. Copy your answers into a fresh copy of the assignment and "
    "submit that, or ask your instructor to grade this notebook manually."
)
OTHER_ASSIGNMENT = (
    "This is the notebook of {other}, not of {expected}. Submit {expected}, or ask your instructor to grade this "
    "notebook manually."
)
ONLY_THE_FUNCTION = (
    "The file contains {function}, but not the cells of the assignment. Make sure that it is the right one."
)
MISSING = "These cells of the assignment were missing and have been added again: {names}."
COPIES = "There is more than one cell {name}. The first one that you changed is your answer; the others are kept too."
LOST_NAMES = "The notebook had lost the names of the assignment's cells. They were recognised by what is in them."
NEW_ORDER = "The cells of the assignment were put back into their order."
NOW_CODE = "Your answer {name} had become a text cell. It was read as code."
TYPED_INTO_LOCKED = "What you wrote in the locked cell {name} was kept in a separate cell below it."
JOINED = "A function of yours was split into {count} cells. They were read as one."


@dataclass(frozen=True)
class RestoredNotebook:
    """A notebook with the cells of its release.

    ``notes`` say what was corrected. ``student_texts`` are all texts that differ from the release. ``doubt`` says what
    a person has to confirm. ``problem`` says why it cannot be judged, if no cell could be matched; the notebook is then
    the release followed by all cells of the student, so that a person can look at both.
    """

    notebook: Notebook
    notes: tuple[str, ...] = ()
    student_texts: tuple[StudentText, ...] = ()
    doubt: str = ""
    problem: str = ""


def restore_notebook(release: Notebook, submitted: Notebook) -> RestoredNotebook:
    """Return the submitted notebook with graded and locked cells as released. Neither argument is changed."""
    released, cells = release["cells"], cells_of(submitted)
    origins = match_cells(released, cells)
    evidence = weigh_evidence(released, cells, origins)
    other, expected = assignment_of(submitted), assignment_of(release)
    is_other = bool(other and expected and other != expected)
    if not evidence.by_cells and (is_other or not evidence.by_function) and any(map(grade_id_of, released)):
        problem = OTHER_ASSIGNMENT.format(other=other, expected=expected) if is_other else NO_MATCH
        everything = [*map(_released_cell, released), *(_student_cell(cell) for cell in cells)]
        return RestoredNotebook(_assemble(release, everything), problem=problem)
    restoration = _Restoration(released, origins)
    for index, cell in enumerate(restoration.join_split_functions(cells)):
        if cell is not None:
            restoration.add(cell, origins.get(index))
    restored = _assemble(release, restoration.finish())
    texts = tuple(restoration.student_texts)
    if not evidence.by_cells and any(map(grade_id_of, released)):
        doubt = ONLY_THE_FUNCTION.format(function=" and ".join(exercise_functions(released)))
        return RestoredNotebook(restored, student_texts=texts, doubt=doubt)
    return RestoredNotebook(restored, tuple(dict.fromkeys(restoration.notes)), texts)


def released_notebook(release: Notebook) -> Notebook:
    """Return a copy of the release in the form of a restored notebook, for a submission that cannot be read."""
    return _assemble(release, [_released_cell(cell) for cell in release["cells"]])


def assignment_of(notebook: Notebook) -> str:
    """Return the assignment that a notebook says it belongs to; empty if that is not a plain name."""
    data = metadata_of(notebook).get("autograder")
    name = data.get("assignment") if isinstance(data, dict) else None
    return name if isinstance(name, str) and re.fullmatch(r"[\w.-]{1,60}", name) else ""


class _Restoration:
    """The cells of a notebook that is being restored, with what was noticed on the way."""

    def __init__(self, released: list[Cell], origins: Origins) -> None:
        self.notes: list[str] = []
        self.student_texts: list[StudentText] = []
        self._released = released
        self._released_texts = {source_of(cell).strip() for cell in released}
        self._origins = origins
        # The student's cells after each graded cell move with it. Those before the first one have the key "".
        self._cells_after: dict[str, list[Cell]] = {"": []}
        self._current = ""

    def join_split_functions(self, cells: list[Cell]) -> list[Cell | None]:
        """Put the parts of a function that "Split cell" made into its first cell; the others become None."""
        joined: list[Cell | None] = list(cells)
        functions = answer_functions(self._released)
        for index, cell in enumerate(cells):
            source = source_of(cell)
            if joined[index] is None or not any(defines_function(source, function) for function in functions):
                continue
            following = []
            for number in range(index + 1, min(index + 1 + MAX_PARTS, len(cells))):
                if number in self._origins:
                    break
                if cells[number].get("cell_type") == "code":  # a text between two parts stays where it is
                    following.append(number)
            text, taken = join_parts(source, [source_of(cells[number]) for number in following])
            if taken:
                joined[index] = {**cell, "source": text}
                for number in following[:taken]:
                    joined[number] = None
                self.notes.append(JOINED.format(count=taken + 1))
        return joined

    def add(self, cell: Cell, origin: Cell | None) -> None:
        """Add the next cell of the submission, which comes from ``origin`` or is the student's own."""
        if origin is not None and grade_id_of(origin):
            self._add_graded(cell, origin)
            return
        if origin is None and grade_id_of(cell):
            self._note_copy(cell)
        place = Place.OWN if origin is None else Place.RELEASED
        self._cells_after[self._current].append(self._student_cell(cell, origin, place))

    def finish(self) -> list[Cell]:
        """Return all cells in the order of the release."""
        graded_cells = [cell for cell in self._released if grade_id_of(cell)]
        missing = [grade_id_of(cell) for cell in graded_cells if grade_id_of(cell) not in self._cells_after]
        if missing:
            self.notes.append(MISSING.format(names=", ".join(missing)))
        names = [grade_id_of(cell) for cell in graded_cells if grade_id_of(cell) in self._cells_after]
        if [name for name in self._cells_after if name] != names:
            self.notes.append(NEW_ORDER)
        restored = list(self._cells_after[""])
        for cell in graded_cells:
            restored += self._cells_after.get(grade_id_of(cell)) or [_replacement_cell(cell)]
        return restored

    def _add_graded(self, cell: Cell, origin: Cell) -> None:
        self._current = name = grade_id_of(origin)
        if not grade_id_of(cell):
            self.notes.append(LOST_NAMES)
        if not is_answer(origin):
            self._cells_after[name] = [_released_cell(origin)]
            typed = _typed_text(origin, cell)
            if typed:
                self.notes.append(TYPED_INTO_LOCKED.format(name=name))
                kept = {**cell, "source": typed, "metadata": {}}
                self._cells_after[name].append(self._student_cell(kept, None, Place.OWN))
            return
        text = source_of(cell)
        if origin["cell_type"] == "code" != cell.get("cell_type"):
            self.notes.append(NOW_CODE.format(name=name))
            text = code_in_markdown(text)
        answer = {**_released_cell(origin), "source": text, **_attachments(origin["cell_type"], cell)}
        self._record(Place.ANSWER, answer, source_of(origin))
        self._cells_after[name] = [answer]

    def _student_cell(self, cell: Cell, origin: Cell | None, place: Place) -> Cell:
        student_cell = _student_cell(cell, origin)
        self._record(place, student_cell, source_of(origin) if origin else "")
        return student_cell

    def _record(self, place: Place, cell: Cell, released: str) -> None:
        # A picture is an answer, too.
        text = "\n".join([cell["source"], *cell.get("attachments", ())])
        if text.strip() and text.strip() not in self._released_texts:
            self.student_texts.append(StudentText(place, cell["cell_type"] == "code", text, released))

    def _note_copy(self, cell: Cell) -> None:
        name, source = grade_id_of(cell), source_of(cell)
        functions = answer_functions(self._released)
        if is_complete(source) and any(defines_function(source, function) for function in functions):
            return  # `read_code` says which definition counts
        if any(name == grade_id_of(origin) and is_answer(origin) for origin in self._origins.values()):
            self.notes.append(COPIES.format(name=name))


def _typed_text(origin: Cell, cell: Cell) -> str:
    """Return what a student typed into a locked cell; empty if only the release changed since it was handed out."""
    released, text = source_of(origin).strip(), source_of(cell).strip()
    known = {line.strip() for line in released.splitlines()}
    if _is_as_handed_out(cell) or all(line.strip() in known for line in text.splitlines()):
        return ""
    block = rf"^{re.escape(released)}[ \t]*$"
    rest = re.sub(block, "", text, count=1, flags=re.MULTILINE).strip("\n")
    return text if origin["cell_type"] == "code" and not is_complete(rest) else rest


def _is_as_handed_out(cell: Cell) -> bool:
    """Whether a cell still has the text for which nbgrader made its checksum, perhaps in another release."""
    data = grading_data(cell)
    is_locked = data.get("locked", False) if not data.get("grade") else True
    flags = (data.get("grade", False), data.get("solution", False), is_locked and not data.get("solution"))
    parts = [source_of(cell), str(cell.get("cell_type")), *map(str, flags), grade_id_of(cell)]
    if data.get("grade") and isinstance(data.get("points"), (int, float)):
        parts.append(str(float(data["points"])))
    return data.get("checksum") == hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _replacement_cell(origin: Cell) -> Cell:
    """Return the released cell for one that is missing; an answer cell is empty."""
    cell = _released_cell(origin)
    return {**cell, "source": ""} if is_answer(origin) else cell


def _released_cell(origin: Cell) -> Cell:
    return {"id": "", **deepcopy(origin), "source": source_of(origin)}


def _student_cell(cell: Cell, origin: Cell | None = None) -> Cell:
    """Return a cell of the student with its text, and the metadata of the released cell or only its own tags."""
    kind = str(cell["cell_type"]) if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    tags = metadata_of(cell).get("tags")
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


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
