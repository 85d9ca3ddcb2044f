"""Names that a submission takes from a helper file of the course, but that only the student's own version has."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from pathlib import Path

import autograder.student_files
from autograder.grading.statement_names import Cell, names_needed
from autograder.student_files.cell_names import names_of


def own_names_of_helpers(function: str, cells: Sequence[Cell], helpers: Collection[str]) -> frozenset[str]:
    """Return what a function needs from the modules ``helpers`` that they do not have as they were handed out.

    In grading these modules do nothing, so that such a function cannot be judged.
    """
    needed = names_needed(function, cells)
    found = set()
    for name, origin in (pair for cell in cells for pair in cell.imports):
        helper, _, imported = origin.partition(".")
        if name in needed and helper in helpers and imported not in ("", "*") and imported not in _names_in(helper):
            found.add(origin)
    return frozenset(found)


@functools.cache
def _names_in(helper: str) -> frozenset[str]:
    path = Path(autograder.student_files.__file__).parent / f"{helper}.py"
    return names_of(path.read_text(encoding="utf-8")).bound
