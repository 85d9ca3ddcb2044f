"""The keys in the cell markers of a lesson source, such as ``# %% answer="softmax"``, and the checks on them."""

from __future__ import annotations

from typing import Any

from autograder.contract import CLAUSES
from autograder.exercise import Exercise

Cell = dict[str, Any]
# A cell has at most one of these keys. It says what the cell is, and its value names the cell.
KINDS = ("insert", "answer", "check", "question", "written", "reply", "rubric")
KEYS = (*KINDS, "clause", "tags")
_MARKDOWN_KINDS = ("question", "written", "reply", "rubric")


class LessonError(Exception):
    """Raised if a lesson source cannot become a notebook."""


def check_marker(marker: dict[str, Any], cell_type: str, source: str) -> None:
    """Raise `LessonError` if the keys of one cell marker are unknown, contradict each other or do not fit the cell."""
    if unknown := [key for key in marker if key not in KEYS]:
        raise LessonError(f"unknown key: {', '.join(unknown)}. There are: {', '.join(KEYS)}.")
    kinds = [key for key in KINDS if key in marker]
    if len(kinds) > 1:
        raise LessonError(f"{' and '.join(kinds)} cannot mark the same cell. Split it into two cells.")
    if "clause" in marker and marker["clause"] not in CLAUSES:
        raise LessonError(f"there is no clause {marker['clause']!r}. There are: {', '.join(CLAUSES)}.")
    if kinds and (cell_type == "markdown") != (kinds[0] in _MARKDOWN_KINDS):
        start = "# %% [markdown]" if kinds[0] in _MARKDOWN_KINDS else "# %%"
        raise LessonError(f"a cell with {kinds[0]} begins with `{start} {kinds[0]}=...`.")
    if "insert" in marker and (marker["insert"] != "setup" or source.strip()):
        raise LessonError('the only cell to insert is insert="setup", and it must be empty.')
    if "answer" in marker and "### BEGIN SOLUTION" not in source:
        raise LessonError("an answer needs its solution between `### BEGIN SOLUTION` and `### END SOLUTION`.")


def check_cell_names(cells: list[Cell], exercise: Exercise | None) -> None:
    """Raise `LessonError` if two cells have the same name, or if the exercise's answer or check is missing."""
    names = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells if "nbgrader" in cell["metadata"]]
    if duplicates := sorted({name for name in names if names.count(name) > 1}):
        raise LessonError(f"two cells are named {', '.join(duplicates)}. Rename one.")
    if exercise is None:
        return
    for name, key in ((exercise.function, "answer"), (f"check-{exercise.function}", "check")):
        if name not in names:
            raise LessonError(f'no cell begins with `# %% {key}="{exercise.function}"`. Add one.')
