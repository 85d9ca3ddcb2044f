"""Build the solution notebook of a lesson, in the form that nbgrader starts from, from the text of its source.

The keys of the cell markers become nbgrader's metadata. Nothing here reads or writes a file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jupytext

from autograder.authoring.cell_markers import KINDS, Cell, LessonError, check_cell_names, check_marker
from autograder.contract import with_dependents
from autograder.course.settings import Course
from autograder.exercise import Exercise

_JUPYTEXT_KEYS = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")  # its notes on blank lines
_DEFAULT_WRITTEN_POINTS = 3.0
_CELL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

SETUP = "import numpy as np"
SETUP_WITH_CHECK = """\
# Run this cell first. It gets numpy and the check ready; you need not read it.
import numpy as np

try:
    from selfcheck import check
except ModuleNotFoundError as missing:
    import os

    lost = f"No check yet: {missing.name}.py is not beside this notebook. "
    lost += "Put the files it came with there; restart."

    def check(*functions):
        print(lost)
        assert "NBGRADER_EXECUTION" not in os.environ, lost
"""
REPLY_PLACEHOLDER = "**My answer** (double-click here and write): …"
FOLDED_ANSWER = """\
<details><summary>One good answer</summary>

{answer}

</details>"""
MARKED_MANUALLY = "\n\n*A person marks this answer: at most {points:g} points.*"
HIDDEN_TEST = """\
### BEGIN HIDDEN TESTS
import os

if os.environ.get("NBGRADER_EXECUTION") == "autograde":
    raise RuntimeError(
        "Nothing was judged. Let nbgrader_config.py call autograder.nbgrader_plugin.config.configure, "
        "as the one that `autograder init` writes does."
    )
### END HIDDEN TESTS"""


@dataclass(frozen=True)
class _Source:
    """One cell of a lesson source: the keys of its marker, its type and its text."""

    marker: dict[str, Any]
    cell_type: str
    text: str


def build_notebook(lesson_source: str, assignment: str, exercise: Exercise | None, course: Course) -> str:
    """Return the solution notebook as the text of an .ipynb file, the same for the same arguments.

    Raises `LessonError`, which names the cell, if a marker or the whole cannot be used.
    """
    sources = [_read_source(cell) for cell in jupytext.reads(lesson_source, fmt="py:percent").cells]
    points = _manual_points(sources, course.rubrics.get(assignment, {}))
    left_out = with_dependents(course.leave_out)
    cells: list[Cell] = []
    for number, source in enumerate(sources, start=1):
        try:
            check_marker(source.marker, source.cell_type, source.text)
            if source.marker.get("clause") not in left_out:
                cells += _build_cells(source, exercise, points)
        except LessonError as error:
            raise LessonError(f"cell {number} ({_first_line(source.text)}): {error}") from None
    check_cell_names(cells, exercise)
    _add_cell_ids(cells)
    return _format_notebook(cells, assignment)


def _read_source(cell: Any) -> _Source:
    marker = {key: value for key, value in cell.metadata.items() if key not in _JUPYTEXT_KEYS}
    return _Source(marker, cell.cell_type, cell.source)


def _manual_points(sources: list[_Source], rubrics: Mapping[str, float]) -> dict[str, float]:
    """Return the points of each manually graded cell: written answers, and replies that the course gives points."""
    written = [source.marker["written"] for source in sources if "written" in source.marker]
    replies = [source.marker["reply"] for source in sources if source.marker.get("reply") in rubrics]
    points = {name: rubrics.get(name, _DEFAULT_WRITTEN_POINTS) for name in written}
    return points | {name: rubrics[name] for name in replies}


def _build_cells(source: _Source, exercise: Exercise | None, points: Mapping[str, float]) -> list[Cell]:
    """Build one cell, or two for a reply without points: a place to write, and the good answer, folded."""
    name = source.marker.get("reply")
    if not name:
        return [_build_cell(source, exercise, points)]
    if name in points:
        # A reply with points is a written answer: students do not get the good answer.
        marker = {("written" if key == "reply" else key): value for key, value in source.marker.items()}
        return [_build_cell(_Source(marker, source.cell_type, source.text), exercise, points)]
    texts = REPLY_PLACEHOLDER, FOLDED_ANSWER.format(answer=source.text)
    return [_build_cell(_Source({}, source.cell_type, text), exercise, points) for text in texts]


def _build_cell(source: _Source, exercise: Exercise | None, points: Mapping[str, float]) -> Cell:
    """Build one cell with nbgrader's metadata."""
    kind = next((key for key in KINDS if key in source.marker), "")
    name = source.marker.get(kind, "")
    text = source.text
    metadata: dict[str, Any] = {"tags": list(source.marker["tags"])} if "tags" in source.marker else {}
    match kind:
        case "insert":
            text = SETUP_WITH_CHECK if exercise else SETUP
        case "answer":
            metadata["nbgrader"] = _nbgrader(name, solution=True)
        case "check":
            metadata["nbgrader"] = _nbgrader(
                f"check-{name}", grade=True, locked=True, points=_max_score(name, exercise)
            )
            metadata["autograder"] = {"exercise": name}
            text = f"{text}\n{HIDDEN_TEST}"
        case "question":
            metadata["nbgrader"] = _nbgrader(f"question-{name}", locked=True)
            text += MARKED_MANUALLY.format(points=points[name]) if name in points else ""
        case "written":
            metadata["nbgrader"] = _nbgrader(name, grade=True, solution=True, points=points[name])
        case "rubric":
            metadata["nbgrader"] = _nbgrader(f"rubric-{name}", locked=True)
    cell: Cell = {
        "cell_type": source.cell_type,
        "id": "",
        "metadata": metadata,
        "source": text.rstrip("\n").splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if source.cell_type == "code" else {})


def _max_score(name: str, exercise: Exercise | None) -> float:
    if exercise is None:
        raise LessonError(f"check={name!r} needs an exercise. Write no check, or add exercise.py to this folder.")
    if name != exercise.function:
        raise LessonError(f"check={name!r} is not this folder's exercise. Write check={exercise.function!r}.")
    return exercise.max_score


def _nbgrader(
    grade_id: str, *, grade: bool = False, locked: bool = False, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    """Return nbgrader's cell metadata, schema 3."""
    if not _CELL_NAME.fullmatch(grade_id):
        raise LessonError(f"{grade_id!r} cannot name a cell. Use letters, digits, - and _, at most 64 of them.")
    metadata: dict[str, Any] = {"grade": grade, "grade_id": grade_id, "locked": locked}
    if points is not None:
        metadata["points"] = int(points) if points == int(points) else points
    return metadata | {"schema_version": 3, "solution": solution, "task": False}


def _add_cell_ids(cells: list[Cell]) -> None:
    """Use nbgrader's name as the id, or else a hash of the text, so that it stays when other cells come and go."""
    used: set[str] = {cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells}
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            cell["id"] = cell["metadata"]["nbgrader"]["grade_id"]
            continue
        digest = hashlib.sha256(f"{cell['cell_type']}\n{''.join(cell['source'])}".encode()).hexdigest()[:8]
        cell_id, count = digest, 1
        while cell_id in used:
            count += 1
            cell_id = f"{digest}-{count}"
        used.add(cell_id)
        cell["id"] = cell_id


def _format_notebook(cells: list[Cell], assignment: str) -> str:
    notebook = {
        "cells": cells,
        "metadata": {
            "autograder": {"assignment": assignment},
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    # Formatted as Jupyter saves it.
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _first_line(text: str) -> str:
    line = text.strip().split("\n")[0] if text.strip() else "empty"
    return line if len(line) <= 40 else line[:37] + "..."
