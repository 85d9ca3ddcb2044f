"""The one table of ours in the gradebook's database: what nbgrader has no place for.

It is made beside nbgrader's own tables and shares no key with them, so that ``nbgrader db upgrade`` goes on working.
A seed stands here and in ``judge --json``, nowhere else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)
from sqlalchemy.orm import Session, scoped_session

from autograder.bridge import database
from autograder.verdict import CriterionResult, Reason, Report

_METADATA = MetaData()
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


@dataclass(frozen=True)
class Row:
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


def create(engine: Engine) -> None:
    """Make the table where it is missing. nbgrader's own tables must be there already."""
    _METADATA.create_all(engine, checkfirst=True)


def save(session: Session | scoped_session[Session], student: str, assignment: str, report: Report) -> None:
    """Write a verdict in the session's transaction; the caller commits it together with the scores."""
    key = {"student": student, "assignment": assignment, "exercise": report.exercise}
    session.execute(VERDICTS.delete().filter_by(**key))
    session.execute(
        VERDICTS.insert().values(
            **key,
            status=report.status.value,
            message=report.message,
            score=report.score,
            max_score=report.max_score,
            seed=report.seed,
            isolation=report.isolation,
            criteria=json.dumps([asdict(criterion) for criterion in report.verdict.criteria]),
            misconceptions=json.dumps(report.verdict.misconceptions),
            notes=json.dumps(report.notes),
            version=version("attention-course"),
            graded_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )


def rows(db_url: str, assignment: str) -> list[Row]:
    """The verdicts on an assignment, by student and exercise; none where nothing was graded yet."""
    with database.connected(db_url) as connection:
        if not inspect(connection).has_table(VERDICTS.name):
            return []
        query = select(VERDICTS).filter_by(assignment=assignment).order_by(VERDICTS.c.student, VERDICTS.c.exercise)
        return [_row(dict(found)) for found in connection.execute(query).mappings()]


def _row(found: dict[str, Any]) -> Row:
    criteria = tuple(
        CriterionResult(**{**one, "reason": Reason(**one["reason"]) if one["reason"] else None})
        for one in json.loads(found["criteria"])
    )
    lists = {name: tuple(json.loads(found[name])) for name in ("misconceptions", "notes")}
    return Row(**{**found, **lists, "criteria": criteria})
