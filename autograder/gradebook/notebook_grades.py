"""What the gradebook says on a notebook's feedback page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NotebookGrades:
    """The grades of one notebook of one student; scores and comments by the name of their cell."""

    student: str
    assignment: str
    notebook: str
    score: float  # before the late penalty is taken off; a cell that is not marked yet counts 0
    max_score: float
    late_penalty: float = 0
    scores: dict[str, tuple[float | None, float]] = field(default_factory=dict)  # None: not marked yet; and the maximum
    comments: dict[str, str | None] = field(default_factory=dict)
