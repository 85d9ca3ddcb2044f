"""Store and load results that were held back: newer than a stored verdict, but not written in its place.

A result is held if it is no verdict, or if it would lower a mark and nobody asked for that. Until a verdict is written
or an instructor decides, the submission waits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, inspect, select

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


def save_held_results(transaction: Transaction, held: Sequence[HeldResult]) -> None:
    """Store results in place of earlier ones; the same result keeps its date. The tables must exist."""
    for result in held:
        before = load_held_result(transaction, result.assignment, result.student)
        if not result.is_same_as(before):
            delete_held_results(transaction, result.assignment, [result.student])
            transaction.execute(HELD_RESULTS.insert(), [vars(result) | {"status": result.status.value}])


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
