"""Store and load results that were held back: newer than a stored verdict, but not written in its place.

A result is held if it is no verdict, or if it would lower a mark and nobody asked for that. Until a verdict is written
or an instructor decides, the submission waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from nbgrader.api import Grade
from sqlalchemy import Connection, inspect, select

from autograder.gradebook import verdict_table
from autograder.gradebook.database import update_grades
from autograder.gradebook.tables import HELD_RESULTS
from autograder.gradebook.verdict_table import Transaction, utc_now
from autograder.verdict import Status


@dataclass(frozen=True)
class HeldResult:
    """The newest result of a submission, which did not replace the stored verdict; ``reason`` is a sentence.

    ``work`` identifies the submitted files that it is about, as in `GradingRecord`.
    """

    student: str
    assignment: str
    status: Status
    reason: str
    work: str
    held_at: datetime = field(default_factory=utc_now)

    def is_same_as(self, other: HeldResult | None) -> bool:
        """Whether two runs held the same result."""
        return other is not None and replace(self, held_at=other.held_at) == other


def hold_results(transaction: Transaction, held: Sequence[HeldResult]) -> None:
    """Store results in place of earlier held ones, and have the submissions wait. The tables must exist.

    What an instructor has decided about the same result before is not asked again.
    """
    for result in held:
        if not result.is_same_as(load_held_result(transaction, result.assignment, result.student)):
            delete_held_results(transaction, result.assignment, [result.student])
            transaction.execute(HELD_RESULTS.insert(), [vars(result) | {"status": result.status.value}])
            _flag_scores(transaction, result)


def delete_held_results(transaction: Transaction, assignment: str, students: Collection[str]) -> None:
    """Forget the held results of students, because newer ones are written. The tables must exist."""
    condition = (HELD_RESULTS.c.assignment == assignment, HELD_RESULTS.c.student.in_(students))
    transaction.execute(HELD_RESULTS.delete().where(*condition))


def load_held_result(transaction: Transaction, assignment: str, student: str) -> HeldResult | None:
    """Return the held result of a submission, if there is one. The tables must exist."""
    query = select(HELD_RESULTS).filter_by(assignment=assignment, student=student)
    row = transaction.execute(query).mappings().first()
    return HeldResult(**{**row, "status": Status(row["status"])}) if row else None


def load_held_results(connection: Connection, assignment: str) -> dict[str, HeldResult]:
    """Return the held results of an assignment by student; none if nothing was graded yet."""
    if not inspect(connection).has_table(HELD_RESULTS.name):
        return {}
    rows = connection.execute(select(HELD_RESULTS).filter_by(assignment=assignment)).mappings()
    return {row["student"]: HeldResult(**{**row, "status": Status(row["status"])}) for row in rows}


def _flag_scores(transaction: Transaction, held: HeldResult) -> None:
    """Set nbgrader's "needs manual grade" where there is a score; on a manual one only after other work came in."""
    grade = Grade.__table__
    flags = update_grades(held.assignment, held.student).where(grade.c.auto_score.is_not(None))
    record = verdict_table.load_grading_record(transaction, held.assignment, held.student)
    if record and record.work in ("", held.work):
        flags = flags.where(grade.c.manual_score.is_(None))
    transaction.execute(flags.values(needs_manual_grade=True))
