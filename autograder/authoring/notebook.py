"""A master (jupytext percent text) -> the notebook with solutions that nbgrader starts from.

The cell markers of a master carry the words below; each becomes nbgrader's metadata. Nothing here touches a file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import jupytext

from autograder.contract import CLAUSES, with_dependents
from autograder.course.settings import Course
from autograder.exercise import Exercise

Cell = dict[str, Any]
_LAYOUT = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker")  # jupytext's notes about blank lines
_KINDS = ("insert", "answer", "check", "question", "written", "reply", "rubric")  # at most one of them a cell
WORDS = (*_KINDS, "clause", "tags")
_MARKDOWN = ("question", "written", "reply", "rubric")
_WRITTEN_POINTS = 3.0
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

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
REPLY = "**My answer** (double-click here and write): …"
FOLDED = """\
<details><summary>One good answer</summary>

{answer}

</details>"""
MARKED = "\n\n*A person marks this answer: at most {points:g} points.*"
HIDDEN = """\
### BEGIN HIDDEN TESTS
import os

if os.environ.get("NBGRADER_EXECUTION") == "autograde":
    raise RuntimeError(
        "Nothing was judged: set autograder.nbgrader_plugin.preprocessors.Judge in place of Execute "
        "in Autograde.autograde_preprocessors of nbgrader_config.py."
    )
### END HIDDEN TESTS"""


class LessonError(Exception):
    """A master cannot become a notebook; the text says which cell is wrong and what would work."""


def to_notebook(text: str, assignment: str, exercise: Exercise | None, course: Course) -> str:
    """The notebook with solutions as the text of an .ipynb file, the same for the same arguments."""
    left_out = with_dependents(course.leave_out)
    raws = jupytext.reads(text, fmt="py:percent").cells
    points = _by_hand([raw.metadata for raw in raws], course.rubrics.get(assignment, {}))
    cells: list[Cell] = []
    for number, raw in enumerate(raws, start=1):
        words = {word: value for word, value in raw.metadata.items() if word not in _LAYOUT}
        try:
            _refuse_bad_words(words, raw.cell_type, raw.source)
            if words.get("clause") not in left_out:
                cells += _cells(words, raw.cell_type, raw.source, exercise, points)
        except LessonError as error:
            raise LessonError(f"cell {number} ({_beginning(raw.source)}): {error}") from None
    _refuse_bad_whole(cells, exercise)
    _give_ids(cells)
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
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"  # the way Jupyter saves it


def _by_hand(cells: list[dict[str, Any]], given: Mapping[str, float]) -> dict[str, float]:
    """The hand-graded cells with their points: the written ones, and the replies that the course gives points."""
    written = {cell["written"]: given.get(cell["written"], _WRITTEN_POINTS) for cell in cells if "written" in cell}
    return written | {cell["reply"]: given[cell["reply"]] for cell in cells if cell.get("reply") in given}


def _cells(
    words: dict[str, Any], cell_type: str, source: str, exercise: Exercise | None, points: Mapping[str, float]
) -> list[Cell]:
    """One cell; two for a reply without points: a place to write, and the good answer, folded."""
    name = words.get("reply")
    if name in points:  # now it is like any other written answer: only solutions/ has the good one
        words = {("written" if word == "reply" else word): value for word, value in words.items()}
    elif name:
        texts = REPLY, FOLDED.format(answer=source)
        return [_cell({}, cell_type, text, exercise, points) for text in texts]
    return [_cell(words, cell_type, source, exercise, points)]


def _cell(
    words: dict[str, Any], cell_type: str, source: str, exercise: Exercise | None, points: Mapping[str, float]
) -> Cell:
    """One cell with nbgrader's metadata."""
    kind = next((word for word in _KINDS if word in words), "")
    name = words.get(kind, "")
    metadata: dict[str, Any] = {"tags": list(words["tags"])} if "tags" in words else {}
    match kind:
        case "insert":
            source = SETUP_WITH_CHECK if exercise else SETUP
        case "answer":
            metadata["nbgrader"] = _nbgrader(name, solution=True)
        case "check":
            if exercise is None or name != exercise.function:
                there = f"check={exercise.function!r}" if exercise else "no check, for this folder has no exercise.py"
                raise LessonError(f"check={name!r} is not this folder's exercise. Write {there}.")
            metadata["nbgrader"] = _nbgrader(f"check-{name}", grade=True, locked=True, points=exercise.max_score)
            metadata["autograder"] = {"exercise": name}
            source = f"{source}\n{HIDDEN}"
        case "question":
            metadata["nbgrader"] = _nbgrader(f"question-{name}", locked=True)
            source += MARKED.format(points=points[name]) if name in points else ""
        case "written":
            metadata["nbgrader"] = _nbgrader(name, grade=True, solution=True, points=points[name])
        case "rubric":
            metadata["nbgrader"] = _nbgrader(f"rubric-{name}", locked=True)
    cell = {
        "cell_type": cell_type,
        "id": "",
        "metadata": metadata,
        "source": source.rstrip("\n").splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if cell_type == "code" else {})


def _nbgrader(
    grade_id: str, *, grade: bool = False, locked: bool = False, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    """nbgrader's cell metadata, schema 3."""
    if not _ID.fullmatch(grade_id):
        raise LessonError(f"{grade_id!r} is no name for a cell. Use letters, digits, - and _, at most 64 of them.")
    found: dict[str, Any] = {"grade": grade, "grade_id": grade_id, "locked": locked}
    if points is not None:
        found["points"] = int(points) if points == int(points) else points
    return found | {"schema_version": 3, "solution": solution, "task": False}


def _refuse_bad_words(words: dict[str, Any], cell_type: str, source: str) -> None:
    if unknown := [word for word in words if word not in WORDS]:
        raise LessonError(f"no such word: {', '.join(unknown)}. There are: {', '.join(WORDS)}.")
    kinds = [word for word in _KINDS if word in words]
    if len(kinds) > 1:
        raise LessonError(f"{' and '.join(kinds)} do not go together. Make two cells of it.")
    if "clause" in words and words["clause"] not in CLAUSES:
        raise LessonError(f"there is no clause {words['clause']!r}. There are: {', '.join(CLAUSES)}.")
    if kinds and (cell_type == "markdown") != (kinds[0] in _MARKDOWN):
        marker = "# %% [markdown]" if kinds[0] in _MARKDOWN else "# %%"
        raise LessonError(f"a cell with {kinds[0]} begins with `{marker} {kinds[0]}=...`.")
    if "insert" in words and (words["insert"] != "setup" or source.strip()):
        raise LessonError('a cell to insert is empty, and the only one is insert="setup".')
    if "answer" in words and "### BEGIN SOLUTION" not in source:
        raise LessonError("an answer has its solution between `### BEGIN SOLUTION` and `### END SOLUTION`.")


def _refuse_bad_whole(cells: list[Cell], exercise: Exercise | None) -> None:
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise LessonError(f"two cells are named {', '.join(twice)}. Rename one.")
    if exercise:
        for name, marker in ((exercise.function, "answer"), (f"check-{exercise.function}", "check")):
            if name not in names:
                raise LessonError(f'no cell begins with `# %% {marker}="{exercise.function}"`. Add one.')


def _give_ids(cells: list[Cell]) -> None:
    """nbgrader's name where a cell has one, else a short hash of its text: stable when other cells come and go."""
    taken: set[str] = {cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells}
    for cell in cells:
        if "nbgrader" in cell["metadata"]:
            cell["id"] = cell["metadata"]["nbgrader"]["grade_id"]
            continue
        name = base = hashlib.sha256(f"{cell['cell_type']}\n{''.join(cell['source'])}".encode()).hexdigest()[:8]
        again = 1
        while name in taken:
            again += 1
            name = f"{base}-{again}"
        taken.add(name)
        cell["id"] = name


def _beginning(source: str) -> str:
    first = source.strip().split("\n")[0] if source.strip() else "empty"
    return first if len(first) <= 40 else first[:37] + "..."
