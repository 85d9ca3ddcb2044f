"""Which graded submissions are held back, so that no run takes a mark away unless somebody asked for it.

A result that is no verdict never replaces one. A result that lowers a mark, although the student submitted nothing
new, replaces it only with ``--lower``. What an instructor entered is never touched anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from autograder.batch.change_reasons import TOLERANCE, describe
from autograder.batch.submission_grader import GradedSubmission
from autograder.batch.summary import ResultChange
from autograder.formatting import format_points
from autograder.gradebook.held_results import HeldResult
from autograder.nbgrader_plugin.cell_scores import has_verdict, loses_scores, why_held


@dataclass(frozen=True)
class StoredMark:
    """The mark of a submission: its automatic scores by cell, and the late penalty.

    ``marked_manually`` are the cells whose points an instructor entered; ``submitted_at`` is in UTC, without a zone.
    """

    scores: Mapping[str, float | None]
    marked_manually: frozenset[str]
    late_penalty: float
    submitted_at: datetime | None = None

    @property
    def automatic(self) -> float:
        """The automatic points that count: those of cells that nobody marked manually."""
        return sum(score or 0.0 for cell, score in self.scores.items() if cell not in self.marked_manually)

    @property
    def total(self) -> float:
        """The automatic points that count, without the late penalty's where it depends on them alone."""
        return self.automatic if self.marked_manually else self.automatic - self.late_penalty


def no_verdict(before: StoredMark, graded: GradedSubmission) -> bool:
    """Whether a result without a verdict would replace a stored one."""
    is_judged = has_verdict(graded.notebooks, graded.record.status)
    return not is_judged and loses_scores(before.scores, graded.scores_by_cell())


def lowers_mark(before: StoredMark, after: StoredMark, graded: GradedSubmission) -> bool:
    """Whether a mark becomes lower although the student submitted nothing new, nor the same at another time."""
    is_same_submission = not graded.is_new_work and after.submitted_at == before.submitted_at
    return is_same_submission and after.total < before.total - TOLERANCE


def hold_without_verdict(graded: GradedSubmission) -> HeldResult:
    """Return what is stored about a result without a verdict."""
    record = graded.record
    reason = why_held(record.status, record.message)
    return HeldResult(record.student, record.assignment, record.status, reason, record.work)


def hold_lower_mark(
    before: StoredMark, after: StoredMark, graded: GradedSubmission, change: ResultChange
) -> HeldResult:
    """Return what is stored about a result that would lower a mark; ``change`` says why."""
    record = graded.record
    causes = "; ".join(filter(None, [describe(change.points), ", ".join(change.parts)]))
    points = f"{format_points(before.total)} to {format_points(after.total)} points"
    reason = (
        f"A regrade would lower the mark from {points} ({causes}), so the earlier points stay. To lower it: "
        f"autograder grade {record.assignment} --lower"
    )
    return HeldResult(record.student, record.assignment, record.status, reason, record.work)
