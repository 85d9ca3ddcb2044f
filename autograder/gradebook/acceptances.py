"""Store and load what an instructor has decided with ``autograder accept``, and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, inspect, select

from autograder.gradebook.tables import ACCEPTANCES
from autograder.gradebook.verdict_table import Transaction, utc_now


@dataclass(frozen=True)
class Acceptance:
    """An instructor's decision about one submission. It holds as long as the student submits nothing else.

    ``work`` identifies the submitted files, as in `GradingRecord`. ``file`` is the one that is graded as the student's
    notebook, by its path in the submitted folder; empty if the grader's own choice is right. ``is_settled`` says
    whether the points were accepted, or only the file was chosen.
    """

    student: str
    assignment: str
    work: str
    file: str
    accepted_by: str
    is_settled: bool = True
    accepted_at: datetime = field(default_factory=utc_now)

    def settles(self, work: str) -> bool:
        """Whether the points of this work were accepted."""
        return self.is_settled and self.work == work


def save_acceptance(connection: Connection, acceptance: Acceptance) -> None:
    """Write a decision, which replaces an earlier one. The tables must exist."""
    key = {"student": acceptance.student, "assignment": acceptance.assignment}
    connection.execute(ACCEPTANCES.delete().where(*(ACCEPTANCES.c[name] == value for name, value in key.items())))
    connection.execute(ACCEPTANCES.insert(), [vars(acceptance)])


def load_acceptances(connection: Connection, assignment: str) -> dict[str, Acceptance]:
    """Return the decisions about an assignment by student; none if nothing was accepted yet."""
    if not inspect(connection).has_table(ACCEPTANCES.name):
        return {}
    rows = connection.execute(select(ACCEPTANCES).filter_by(assignment=assignment)).mappings()
    return {row["student"]: Acceptance(**row) for row in rows}


def load_acceptance(transaction: Transaction, assignment: str, student: str) -> Acceptance | None:
    """Return the decision about a submission, if there is one. The tables must exist."""
    query = select(ACCEPTANCES).filter_by(assignment=assignment, student=student)
    row = transaction.execute(query).mappings().first()
    return Acceptance(**row) if row else None
