"""What a feedback page says, read from a graded notebook with its grades. Pure: no HTML, no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.feedback.report_outputs import CellReport, read_report
from autograder.verdict import Status

# In a cell's ``metadata.nbgrader``: False where the gradebook has no score, for which nbgrader itself writes 0.
IS_MARKED = "is_marked"
# Beside it: True where the points need no review any more.
IS_CLOSED = "is_closed"
# In a cell's metadata: True where its text is not the release's, so the student wrote or changed it.
STUDENT_TEXT = "student_text"
STATUS_LABELS = {
    Status.NOT_GRADED: "not graded",
    Status.MISSING: "function missing",
    Status.UNREADABLE: "could not be read",
    Status.ALTERED: "cells not recognised",
    Status.UNFINISHED: "unfinished",
    Status.STUDENT_ERROR: "stopped with an error",
    Status.TIMED_OUT: "out of time",
    Status.CRASHED: "crashed",
    Status.NEEDS_LOOK: "to be confirmed",
    Status.GRADED: "",
}
_CLOSED = "checked by your instructor"
MAX_EXCERPT_LINES = 40
_NO_RESPONSE = "No response."  # nbgrader's comment on an answer cell that is as it was released
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_CODE_CELL = re.compile(r"code cell (\d+)")  # the name of a notebook's source in a reason


@dataclass(frozen=True)
class Excerpt:
    """Code of the student's on the first screen: a cell, whole or around the line in question."""

    cell: int  # its place in the notebook
    label: str
    source: str
    first_line: int
    line: int | None


@dataclass(frozen=True)
class GradedItem:
    """One thing that earns points, or an answer that has only a comment (then ``max_score`` is None).

    ``is_closed`` says whether the points need no review any more.
    """

    cell: int
    title: str
    score: float | None
    max_score: float | None
    report: CellReport | None
    comment: str
    excerpt: Excerpt | None
    is_closed: bool = False

    @property
    def status_label(self) -> str:
        """The status in words; empty where there is nothing to say."""
        if self.report is None:
            return ""
        status = Status(self.report.status)
        return _CLOSED if status.needs_review and self.is_closed else STATUS_LABELS[status]

    @property
    def shows_reasons(self) -> bool:
        """Whether the criteria have their own reasons. Without a judged function each repeats the message."""
        if self.report is None:
            return False
        texts = {str(criterion.reason or "") for criterion in self.report.criteria}
        return bool(texts - {"", self.report.message})

    @property
    def score_was_changed(self) -> bool:
        """Whether a marker gave other points than the report."""
        return self.report is not None and self.score is not None and self.score != self.report.score


@dataclass(frozen=True)
class CellGroup:
    """Neighbouring cells of a notebook: one that is shown, or several that are folded under a title."""

    folded: bool
    title: str
    cells: tuple[int, ...]


def graded_items(cells: Sequence[NotebookNode]) -> list[GradedItem]:
    """Return what earned points or a comment, in the notebook's order."""
    comments = {index: _comment(cell) for index, cell in enumerate(cells) if _comment(cell)}
    items = [_graded_item(cells, index, comments) for index, cell in enumerate(cells) if _earns_points(cell)]
    for index, comment in comments.items():
        if comment != _NO_RESPONSE:
            name = cells[index].metadata.nbgrader.grade_id
            items.append(GradedItem(index, name, None, None, None, comment, None))
    return sorted(items, key=lambda item: item.cell)


def group_cells(cells: Sequence[NotebookNode]) -> list[CellGroup]:
    """Return the notebook's cells, those in which nothing happened in groups that can be folded."""
    groups: list[CellGroup] = []
    lesson: list[int] = []
    for index, cell in enumerate(cells):
        if not _is_shown(cell):
            lesson.append(index)
            continue
        groups += _folded(cells, lesson)
        groups.append(CellGroup(False, _shown_title(cell), (index,)))
        lesson = []
    return [*groups, *_folded(cells, lesson)]


def _graded_item(cells: Sequence[NotebookNode], index: int, comments: dict[int, str]) -> GradedItem:
    about, report = cells[index].metadata.nbgrader, read_report(cells[index])
    score = about.score if about.get(IS_MARKED, True) else None
    # The comment on an exercise stands at the cell of its function, which earns no points itself.
    owners = [index, *(i for i in comments if report and cells[i].metadata.nbgrader.grade_id == report.exercise)]
    comment = next((comments.pop(owner) for owner in owners if owner in comments), "")
    is_judged_wrong = report is not None and report.score is not None and report.score < report.max_score
    excerpt = _excerpt(cells, report) if report and is_judged_wrong else None
    title = report.exercise if report else _heading_before(cells, index) or about.grade_id
    return GradedItem(index, title, score, about.points, report, comment, excerpt, about.get(IS_CLOSED, False))


def _about(cell: NotebookNode) -> dict[str, Any]:
    about = cell.metadata.get("nbgrader")
    return about if isinstance(about, dict) else {}


def _earns_points(cell: NotebookNode) -> bool:
    return bool(_about(cell).get("grade") or _about(cell).get("task"))


def _comment(cell: NotebookNode) -> str:
    return _about(cell).get("comment") or ""


def _is_shown(cell: NotebookNode) -> bool:
    if _earns_points(cell) or cell.metadata.get(STUDENT_TEXT):
        return True
    comment, is_changed = _comment(cell), cell.metadata.get(STUDENT_TEXT, True)
    return bool(_about(cell).get("solution")) and comment != _NO_RESPONSE and bool(comment or is_changed)


def _shown_title(cell: NotebookNode) -> str:
    about = _about(cell)
    if about.get("task"):
        return "Task"
    if about.get("solution"):
        return "Your answer"
    return "Judged here" if about.get("grade") else "Your cell"


def _folded(cells: Sequence[NotebookNode], indices: list[int]) -> list[CellGroup]:
    if not indices:
        return []
    headings = [heading for index in indices for heading in _headings(cells[index])]
    title = " · ".join(headings[:3]) + (" …" if len(headings) > 3 else "")
    return [CellGroup(True, title or "Unchanged cells", tuple(indices))]


def _headings(cell: NotebookNode) -> list[str]:
    if cell.cell_type != "markdown":
        return []
    return [re.sub(r"[*`_$]", "", text) for text in _HEADING.findall(cell.source)]


def _heading_before(cells: Sequence[NotebookNode], index: int) -> str:
    """Return the last heading between a graded cell and the one before it: its question."""
    for cell in reversed(cells[:index]):
        if _earns_points(cell):
            return ""
        headings = _headings(cell)
        if headings:
            return headings[-1]
    return ""


def _excerpt(cells: Sequence[NotebookNode], report: CellReport) -> Excerpt | None:
    """Return the line where the first reason happened, in its cell; otherwise the cell of the function."""
    code = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    number, line = _place(report)
    if 0 < number <= len(code):
        return _cut(code[number - 1], f"code cell {number}", cells[code[number - 1]].source, line)
    index = _function_cell(cells, code, report.exercise)
    return None if index is None else _cut(index, f"code cell {code.index(index) + 1}", cells[index].source, None)


def _place(report: CellReport) -> tuple[int, int]:
    """Return the code cell and the line of the first reason that has a line; zeros where none has."""
    for reason in (criterion.reason for criterion in report.criteria):
        match = _CODE_CELL.fullmatch(reason.source_name) if reason else None
        if reason and match and reason.line:
            return int(match[1]), reason.line
    return 0, 0


def _function_cell(cells: Sequence[NotebookNode], code: list[int], function: str) -> int | None:
    """Return the cell that decides what the name holds at the end: the last that defines it."""
    definition = re.compile(rf"^(?:def {re.escape(function)}\b|{re.escape(function)}\s*=[^=])", re.MULTILINE)
    defining = [index for index in code if definition.search(cells[index].source)]
    answers = [index for index in code if _about(cells[index]).get("grade_id") == function]
    return next(iter([*reversed(defining), *answers]), None)


def _cut(index: int, label: str, source: str, line: int | None) -> Excerpt:
    lines = source.rstrip("\n").split("\n")
    marked = line if line and line <= len(lines) else None
    first = max(0, min((marked or 0) - MAX_EXCERPT_LINES // 2, len(lines) - MAX_EXCERPT_LINES))
    return Excerpt(index, label, "\n".join(lines[first : first + MAX_EXCERPT_LINES]), first + 1, marked)
