"""The append-only table of the history. Each entry holds the hash of the one before, so that a changed entry shows."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, Text, func, inspect, select, text
from sqlalchemy.schema import CreateIndex, CreateTable, Index

from autograder.course.file_access import account_name
from autograder.gradebook.verdict_table import utc_now

_LOCK_KEY = int.from_bytes(b"hist", "big")
HISTORY = Table(
    "attention_history",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("student", String(128), nullable=False),
    Column("assignment", String(128), nullable=False),
    Column("subject", Text, nullable=False),
    Column("value", Text, nullable=False),  # JSON
    Column("is_noticed", Boolean, nullable=False),
    Column("command", String(128), nullable=False),
    Column("account", String(128), nullable=False),
    Column("machine", String(128), nullable=False),
    Column("recorded_at", String(32), nullable=False),  # UTC, ISO 8601
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
_INDEX = Index("attention_history_submission", HISTORY.c.assignment, HISTORY.c.student)


class Kind(StrEnum):
    """What an entry is about. Its subject is an exercise, a cell as NOTEBOOK/CELL, a notebook, or empty."""

    VERDICT = "verdict"
    AUTO_SCORE = "auto_score"
    MANUAL_SCORE = "manual_score"
    EXTRA_CREDIT = "extra_credit"
    COMMENT = "comment"
    LATE_PENALTY = "late_penalty"
    EXTENSION = "extension"  # seconds
    ACCEPTANCE = "acceptance"
    RESTORED = "restored"  # the number of a snapshot

    @property
    def is_manual(self) -> bool:
        """Whether only people write it, without us: with formgrader, for example."""
        return self in (Kind.MANUAL_SCORE, Kind.EXTRA_CREDIT, Kind.COMMENT)


@dataclass(frozen=True, order=True)
class Key:
    """What has a value in the gradebook that the history follows."""

    student: str
    assignment: str
    kind: Kind
    subject: str


@dataclass(frozen=True)
class Author:
    """The command that writes an entry, and the account and machine that it runs on."""

    command: str
    account: str = field(default_factory=account_name)
    machine: str = field(default_factory=platform.node)


@dataclass(frozen=True)
class Entry:
    """A value that was given or noticed. ``value`` is None if there is none any more.

    ``is_noticed`` says that the command only found it: somebody wrote it between ``recorded_at`` and the time before.
    """

    number: int
    key: Key
    value: Any
    is_noticed: bool
    author: Author
    recorded_at: str

    def __str__(self) -> str:
        what = self.key.kind.value.replace("_", " ")
        value = "removed" if self.value is None else f"{self.value:g}" if isinstance(self.value, float) else "changed"
        subject = f" of {self.key.subject}" if self.key.subject else ""
        return f"{self.key.student}, {self.key.assignment}: {what}{subject} {value}"


def exists(connection: Connection) -> bool:
    """Whether anything was ever recorded in this gradebook."""
    return inspect(connection).has_table(HISTORY.name)


def append(
    connection: Connection, values: Iterable[tuple[Key, Any]], author: Author, *, is_noticed: bool | None = None
) -> None:
    """Append an entry for each value, with one insert. By default, what people write themselves is noticed.

    The caller commits. The transaction keeps other writers of the history out.
    """
    lock(connection)
    number, last_hash = last(connection)
    now = utc_now().isoformat(timespec="seconds")
    rows = []
    for key, value in values:
        number += 1
        row = {
            **asdict(key),
            "kind": key.kind.value,
            "number": number,
            "value": json.dumps(value, sort_keys=True),
            "is_noticed": key.kind.is_manual if is_noticed is None else is_noticed,
            **asdict(author),
            "recorded_at": now,
            "previous_hash": last_hash,
        }
        last_hash = row["hash"] = hash_of(row)
        rows.append(row)
    if rows:
        connection.execute(HISTORY.insert(), rows)


def lock(connection: Connection) -> None:
    """Create the table if it is missing, and keep other writers out until the transaction ends.

    On SQLite the transaction must have written already, or have begun with BEGIN IMMEDIATE.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    connection.execute(CreateTable(HISTORY, if_not_exists=True))
    connection.execute(CreateIndex(_INDEX, if_not_exists=True))


def last(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last entry; 0 and an empty text if there is none."""
    if not exists(connection):
        return 0, ""
    row = connection.execute(
        select(HISTORY.c.number, HISTORY.c.hash).order_by(HISTORY.c.number.desc()).limit(1)
    ).first()
    return (row.number, row.hash) if row else (0, "")


def load(connection: Connection, student: str = "", assignment: str = "", after: int = 0) -> list[Entry]:
    """Return the entries in their order, those about a student or an assignment if one is named."""
    if not exists(connection):
        return []
    query = select(HISTORY).where(HISTORY.c.number > after).order_by(HISTORY.c.number)
    named = {"student": student, "assignment": assignment}
    query = query.filter_by(**{name: value for name, value in named.items() if value})
    return [_entry(row) for row in connection.execute(query).mappings()]


def load_current(connection: Connection, assignment: str = "", students: Sequence[str] | None = None) -> dict[Key, Any]:
    """Return the last recorded values, without those that are gone."""
    if not exists(connection):
        return {}
    key = [HISTORY.c.student, HISTORY.c.assignment, HISTORY.c.kind, HISTORY.c.subject]
    newest = select(func.max(HISTORY.c.number)).where(HISTORY.c.kind != Kind.RESTORED).group_by(*key)
    if assignment:
        newest = newest.where(HISTORY.c.assignment == assignment)
    if students is not None:
        newest = newest.where(HISTORY.c.student.in_(students))
    rows = connection.execute(select(HISTORY).where(HISTORY.c.number.in_(newest))).mappings()
    values = {entry.key: entry.value for entry in map(_entry, rows)}
    return {key: value for key, value in values.items() if value is not None}


def hash_of(row: dict[str, Any]) -> str:
    """Return the hash of an entry: of all its columns, that of the entry before included."""
    content = [row[column.name] for column in HISTORY.columns if column.name != "hash"]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _entry(row: Any) -> Entry:
    key = Key(row["student"], row["assignment"], Kind(row["kind"]), row["subject"])
    author = Author(row["command"], row["account"], row["machine"])
    return Entry(row["number"], key, json.loads(row["value"]), row["is_noticed"], author, row["recorded_at"])
