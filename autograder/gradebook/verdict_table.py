"""Our own tables in the gradebook's database: verdicts, and what a batch remembers of each submission.

They are made beside nbgrader's own and share no key with them, so that ``nbgrader db upgrade`` goes on working.
A seed stands here and in ``judge --json``, nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    and_,
    bindparam,
    inspect,
    select,
)
from sqlalchemy.orm import Session, scoped_session

from autograder.gradebook import database
from autograder.verdict import CriterionResult, Reason, Report

_METADATA = MetaData()
VERSION = version("attention-course")
VERDICTS = Table(
    "attention_verdicts",
    _METADATA,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("exercise", String(128), primary_key=True),
    Column("status", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("score", Float),  # NULL: there is no verdict
    Column("max_score", Float, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("isolation", String(32), nullable=False),
    Column("criteria", Text, nullable=False),  # JSON
    Column("misconceptions", Text, nullable=False),  # JSON
    Column("notes", Text, nullable=False),  # JSON
    Column("version", String(32), nullable=False),
    Column("graded_at", DateTime, nullable=False),  # UTC
)


GRADINGS = Table(
    "attention_gradings",
    _METADATA,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("isolation", String(32), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("graded_at", DateTime, nullable=False),  # UTC
)


@dataclass(frozen=True)
class GradingRecord:
    """What ``autograder grade`` did to a submission, and of which bytes, course and version: `fingerprint`."""

    student: str
    assignment: str
    fingerprint: str
    status: str
    message: str
    isolation: str
    seconds: float
    graded_at: datetime


@dataclass(frozen=True)
class StoredVerdict:
    """One verdict as the gradebook keeps it."""

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


def create_tables(engine: Engine | Connection) -> None:
    """Make the tables where they are missing. nbgrader's own tables must be there already."""
    _METADATA.create_all(engine, checkfirst=True)


Session_ = Session | scoped_session[Session] | Connection  # whoever has a transaction open


def save_verdicts(session: Session_, assignment: str, reports: Sequence[tuple[str, Report]]) -> None:
    """Write students' verdicts in the session's transaction; the caller commits it together with the scores."""
    key = ("student", "assignment", "exercise")
    _replace(session, VERDICTS, key, [_values(student, assignment, report) for student, report in reports])


def save_grading_records(session: Session_, gradings: Sequence[GradingRecord]) -> None:
    """Write what a batch did, in the transaction of the scores."""
    _replace(session, GRADINGS, ("student", "assignment"), [vars(one) for one in gradings])


def load_grading_records(session: Connection, assignment: str) -> dict[str, GradingRecord]:
    """What batches did to an assignment, by student; nothing where none was there yet."""
    if not inspect(session).has_table(GRADINGS.name):
        return {}
    found = session.execute(select(GRADINGS).filter_by(assignment=assignment)).mappings()
    return {row["student"]: GradingRecord(**dict(row)) for row in found}


def _replace(session: Session_, table: Table, key: Sequence[str], rows: list[dict[str, Any]]) -> None:
    if rows:
        same = and_(*(table.c[name] == bindparam(f"old_{name}") for name in key))
        session.execute(table.delete().where(same), [{f"old_{name}": row[name] for name in key} for row in rows])
        session.execute(table.insert(), rows)


def utc_now() -> datetime:
    """The time as the gradebook keeps it: UTC without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def _values(student: str, assignment: str, report: Report) -> dict[str, Any]:
    return {
        "student": student,
        "assignment": assignment,
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
        "version": VERSION,
        "graded_at": utc_now(),
    }


def load_verdicts(db_url: str, assignment: str) -> list[StoredVerdict]:
    """The verdicts on an assignment, by student and exercise; none where nothing was graded yet."""
    with database.connect(db_url) as connection:
        if not inspect(connection).has_table(VERDICTS.name):
            return []
        query = select(VERDICTS).filter_by(assignment=assignment).order_by(VERDICTS.c.student, VERDICTS.c.exercise)
        return [_row(dict(found)) for found in connection.execute(query).mappings()]


def _row(found: dict[str, Any]) -> StoredVerdict:
    criteria = tuple(
        CriterionResult(**{**one, "reason": Reason(**one["reason"]) if one["reason"] else None})
        for one in json.loads(found["criteria"])
    )
    lists = {name: tuple(json.loads(found[name])) for name in ("misconceptions", "notes")}
    return StoredVerdict(**{**found, **lists, "criteria": criteria})
