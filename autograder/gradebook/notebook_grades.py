"""The gradebook's grades and comments for one notebook of one student, as its feedback page needs them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NotebookGrades:
    """The grades of one notebook of one student.

    ``score`` does not include the late penalty, and counts 0 for a cell without a score. ``scores`` holds the score
    (None if there is none) and the maximum of each graded cell, and ``comments`` the comments, by the names of cells.
    ``waiting`` are the cells that need review.
    """

    student: str
    assignment: str
    notebook: str
    score: float
    max_score: float
    late_penalty: float = 0
    scores: dict[str, tuple[float | None, float]] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
