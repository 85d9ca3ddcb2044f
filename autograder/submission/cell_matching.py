"""Find the released cell that each cell of a submission comes from. Pure functions on cells as plain data."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograder.student_files.loading import Cell, source_of
from autograder.submission.answer_text import defines_function

Origins = dict[int, Cell]  # the released cell by the index of the submitted cell


def match_cells(released: list[Cell], cells: list[Cell]) -> Origins:
    """Return the released cell that each submitted cell comes from, by the index of the submitted cell.

    Cells are matched by nbgrader's name, then by cell id, then by text; a written answer also by the question before
    it. If several cells fit, the first one counts; of several copies of an answer cell, the first one with a changed
    text. The other copies are the student's cells.
    """
    origins: Origins = {}
    identities = [_CellIdentity.of(cell) for cell in cells]
    unmatched = [(origin, _CellIdentity.of(origin)) for origin in released]
    text_counts = Counter(identity.text for _, identity in unmatched)
    unmatched = [
        (origin, identity._replace(has_own_text=text_counts[identity.text] == 1)) for origin, identity in unmatched
    ]
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
    origins |= dict(_match_by_place(released, cells, origins))
    return origins


@dataclass(frozen=True)
class Evidence:
    """How sure it is that a notebook belongs to a release: by its cells, or at least by the functions in it."""

    by_cells: bool
    by_function: bool


def weigh_evidence(released: list[Cell], cells: list[Cell], origins: Origins) -> Evidence:
    """Decide whether a notebook belongs to a release.

    An exercise's own answer or check cell is enough, and so is half of all cells. An assignment without exercises is
    recognised by half of its answer cells. Cells such as ``question-why`` occur in several assignments.
    """
    matched = {id(origin) for origin in origins.values()}
    graded_cells = [cell for cell in released if grade_id_of(cell)]
    functions = exercise_functions(released)
    answers = [cell for cell in graded_cells if is_answer(cell)]
    if functions:
        own_cells = [
            cell for cell in graded_cells if _exercise_of(cell) or (is_answer(cell) and _defines(cell, functions))
        ]
        by_own_cells = any(id(cell) in matched for cell in own_cells)
    else:
        own_cells = answers or graded_cells
        by_own_cells = 2 * sum(id(cell) in matched for cell in own_cells) >= len(own_cells)
    by_cells = by_own_cells or 2 * len(matched) >= len(released)
    return Evidence(by_cells, any(_defines(cell, functions) for cell in cells if cell.get("cell_type") == "code"))


def exercise_functions(released: list[Cell]) -> tuple[str, ...]:
    """Return the functions that a release asks for."""
    return tuple(filter(None, map(_exercise_of, released)))


def answer_functions(released: list[Cell]) -> tuple[str, ...]:
    """Return the functions of all code cells in which students write: those of the exercises, gaps and copies."""
    answers = [source_of(cell) for cell in released if is_answer(cell) and cell.get("cell_type") == "code"]
    names = (name for source in answers for name in re.findall(r"^(?:def|class) (\w+)", source, re.MULTILINE))
    return tuple(dict.fromkeys([*exercise_functions(released), *names]))


def _exercise_of(cell: Cell) -> str:
    data = metadata_of(cell).get("autograder")
    return str(data.get("exercise", "")) if isinstance(data, dict) and grading_data(cell).get("grade") else ""


def _defines(cell: Cell, functions: tuple[str, ...]) -> bool:
    return any(defines_function(source_of(cell), function) for function in functions)


def _match_by_place(released: list[Cell], cells: list[Cell], origins: Origins) -> Iterator[tuple[int, Cell]]:
    """Yield the written answers that are recognised only by the released cell before them."""
    matched = {id(origin): index for index, origin in origins.items()}
    for before, origin in itertools.pairwise(released):
        if id(origin) in matched or id(before) not in matched or not _is_text(origin) or not is_answer(origin):
            continue
        index = matched[id(before)] + 1
        if index < len(cells) and index not in origins and _is_text(cells[index]) and not grade_id_of(cells[index]):
            yield index, origin


def _is_text(cell: Cell) -> bool:
    return cell.get("cell_type") == "markdown"


class _CellIdentity(NamedTuple):
    """What identifies a cell, computed once because each released cell is compared with each submitted one."""

    grade_id: str
    is_answer: bool
    ids: tuple[Any, Any]
    text: str
    has_own_text: bool = True  # no other cell of the release has the same text

    @classmethod
    def of(cls, cell: Cell) -> _CellIdentity:
        # Some tools keep a cell's id in its metadata.
        ids = cell.get("id"), metadata_of(cell).get("id")
        return cls(grade_id_of(cell), bool(grading_data(cell).get("solution")), ids, source_of(cell))


def _is_changed_answer(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return origin.is_answer and _has_same_grade_id(origin, cell) and origin.text.strip() != cell.text.strip()


def _has_same_grade_id(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return bool(origin.grade_id) and origin.grade_id == cell.grade_id


def _has_same_id(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return bool(origin.ids[0]) and origin.ids[0] in cell.ids


def _has_same_text(origin: _CellIdentity, cell: _CellIdentity) -> bool:
    return origin.has_own_text and bool(origin.text.strip()) and origin.text.strip() == cell.text.strip()


def metadata_of(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of a cell or notebook; empty if it is not an object."""
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def grading_data(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's data of a cell; empty for a cell that nbgrader does not know."""
    data = metadata_of(cell).get("nbgrader")
    return data if isinstance(data, dict) else {}


def grade_id_of(cell: Cell) -> str:
    """Return nbgrader's name of a graded, locked or answer cell; empty for any other cell."""
    return str(grading_data(cell).get("grade_id", ""))


def is_answer(cell: Cell) -> bool:
    """Whether a student is asked to write in a cell."""
    return bool(grading_data(cell).get("solution"))
