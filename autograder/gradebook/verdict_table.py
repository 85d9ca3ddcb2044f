"""Store and load, in the gradebook, how each submission was graded and the verdicts on its exercises.

`nbgrader autograde` and `autograder grade` both write through `save_gradings`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, inspect, select
from sqlalchemy.orm import Session, scoped_session

from autograder.gradebook import database
from autograder.gradebook.tables import GRADINGS, VERDICTS, column_names
from autograder.verdict import CriterionResult, Reason, Report, Status

VERSION = version("attention-course")
Transaction = Session | scoped_session[Session] | Connection


def utc_now() -> datetime:
    """Return the time as the gradebook keeps it: in UTC, without a time zone."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class GradingRecord:
    """How, when and by which version a submission was last graded.

    ``fingerprint`` identifies the bytes, course and version of the last `autograder grade`; it is empty if there was
    none. ``seconds`` is 0 after `nbgrader autograde`, which does not measure it. ``work`` identifies the submitted
    files alone. ``parts`` is JSON: a short hash of each part of the fingerprint, by which a regrade says what changed.
    ``version``, ``work`` and ``parts`` are empty in records of earlier releases.
    """

    student: str
    assignment: str
    fingerprint: str
    status: Status
    message: str
    isolation: str
    seconds: float
    graded_at: datetime = field(default_factory=utc_now)
    version: str = VERSION
    work: str = ""
    parts: str = ""

    def is_of(self, work: str, modified: datetime) -> bool:
        """Whether this work was graded. A record without ``work`` takes it for the same if it was not modified since.

        ``modified`` is in UTC without a time zone.
        """
        return self.work == work if self.work else modified < self.graded_at


@dataclass(frozen=True)
class StoredVerdict:
    """The verdict on one exercise as the gradebook keeps it."""

    student: str
    assignment: str
    exercise: str
    status: str
    message: str
    score: float | None
    max_score: float
    seed: int
    isolation: str
    criteria: tuple[CriterionResult, ...]
    misconceptions: tuple[str, ...]
    notes: tuple[str, ...]
    version: str
    graded_at: datetime


def save_gradings(transaction: Transaction, gradings: Sequence[tuple[GradingRecord, Sequence[Report]]]) -> None:
    """Write the records of graded submissions, and the verdicts on their exercises.

    Replaces earlier ones. The caller commits them together with the scores.
    """
    _replace(transaction, GRADINGS, [vars(record) | {"status": record.status.value} for record, _ in gradings])
    verdicts = [_verdict_values(record, report) for record, reports in gradings for report in reports]
    _replace(transaction, VERDICTS, verdicts)


def load_grading_records(connection: Connection, assignment: str) -> dict[str, GradingRecord]:
    """Return the records of an assignment by student; none if nothing was graded yet."""
    if not inspect(connection).has_table(GRADINGS.name):
        return {}
    existing = column_names(connection, GRADINGS)
    columns = [column for column in GRADINGS.columns if column.name in existing]
    rows = connection.execute(select(*columns).filter_by(assignment=assignment)).mappings()
    return {row["student"]: _record(dict(row)) for row in rows}


def load_grading_record(transaction: Transaction, assignment: str, student: str) -> GradingRecord | None:
    """Return the record of a submission, if there is one. The tables must exist."""
    query = select(GRADINGS).filter_by(assignment=assignment, student=student)
    row = transaction.execute(query).mappings().first()
    return _record(dict(row)) if row else None


def load_verdict_statuses(transaction: Transaction, assignment: str, student: str) -> dict[str, tuple[Status, str]]:
    """Return status and message of each verdict on a submission, by exercise. The tables must exist."""
    query = select(VERDICTS.c.exercise, VERDICTS.c.status, VERDICTS.c.message)
    rows = transaction.execute(query.filter_by(assignment=assignment, student=student))
    return {exercise: (Status(status), message) for exercise, status, message in rows}


def load_verdicts_without_score(transaction: Transaction, student: str, assignment: str) -> list[str]:
    """Return the exercises of a submission whose verdict has no score. The tables must exist."""
    query = select(VERDICTS.c.exercise).filter_by(assignment=assignment, student=student)
    return list(transaction.execute(query.where(VERDICTS.c.score.is_(None))).scalars())


def load_verdicts(db_url: str, assignment: str, students: Collection[str] | None = None) -> list[StoredVerdict]:
    """Return the verdicts on an assignment, ordered by student and exercise; none if nothing was graded yet.

    With ``students``, only theirs.
    """
    with database.connect(db_url) as connection:
        if not inspect(connection).has_table(VERDICTS.name):
            return []
        query = select(VERDICTS).filter_by(assignment=assignment).order_by(VERDICTS.c.student, VERDICTS.c.exercise)
        if students is not None:
            query = query.where(VERDICTS.c.student.in_(students))
        return [_stored_verdict(dict(row)) for row in connection.execute(query).mappings()]


def _replace(transaction: Transaction, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    same_key = and_(*(table.c[name] == bindparam(f"old_{name}") for name in key))
    transaction.execute(table.delete().where(same_key), [{f"old_{name}": row[name] for name in key} for row in rows])
    transaction.execute(table.insert(), rows)


def _record(row: dict[str, Any]) -> GradingRecord:
    return GradingRecord(**{"version": "", **row, "status": Status(row["status"])})


def _verdict_values(record: GradingRecord, report: Report) -> dict[str, Any]:
    return {
        "student": record.student,
        "assignment": record.assignment,
        "exercise": report.exercise,
        "status": report.status.value,
        "message": report.message,
        "score": report.score,
        "max_score": report.max_score,
        "seed": report.seed,
        "isolation": report.isolation,
        "criteria": json.dumps([asdict(criterion) for criterion in report.verdict.criteria]),
        "misconceptions": json.dumps(report.verdict.misconceptions),
        "notes": json.dumps(report.notes),
        "version": record.version,
        "graded_at": record.graded_at,
    }


def _stored_verdict(row: dict[str, Any]) -> StoredVerdict:
    criteria = tuple(_criterion(criterion) for criterion in json.loads(row["criteria"]))
    misconceptions, notes = (tuple(json.loads(row[name])) for name in ("misconceptions", "notes"))
    return StoredVerdict(**{**row, "criteria": criteria, "misconceptions": misconceptions, "notes": notes})


def _criterion(values: dict[str, Any]) -> CriterionResult:
    reason = Reason(**values["reason"]) if values["reason"] else None
    return CriterionResult(**{**values, "reason": reason})
