"""What the gradebook says on a notebook's feedback page."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbgrader.api import Gradebook


@dataclass(frozen=True)
class Marks:
    """The marks of one notebook of one student; scores and comments by the name of their cell."""

    student: str
    assignment: str
    notebook: str
    score: float  # before the late penalty is taken off
    max_score: float
    late_penalty: float = 0
    scores: dict[str, tuple[float, float]] = field(default_factory=dict)  # and the most that there is for it
    comments: dict[str, str | None] = field(default_factory=dict)


def marks(gradebook: Gradebook, assignment: str, student: str, notebook: str) -> Marks:
    """What the gradebook holds for a notebook; nbgrader's ``MissingEntry`` where it holds none."""
    found = gradebook.find_submission_notebook(notebook, assignment, student)
    return Marks(
        student,
        assignment,
        notebook,
        found.score,
        found.max_score,
        found.late_submission_penalty or 0,
        {one.name: (one.score, one.max_score) for one in found.grades},
        {one.name: one.comment for one in found.comments},
    )
