"""What the gradebook says on a notebook's feedback page."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class NotebookGrades:
    """The marks of one notebook of one student; scores and comments by the name of their cell."""

    student: str
    assignment: str
    notebook: str
    score: float  # before the late penalty is taken off
    max_score: float
    late_penalty: float = 0
    scores: dict[str, tuple[float, float]] = field(default_factory=dict)  # and the most that there is for it
    comments: dict[str, str | None] = field(default_factory=dict)
