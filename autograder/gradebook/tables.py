"""The course's own tables in the gradebook's database.

They share no key with nbgrader's tables, so `nbgrader db upgrade` keeps working. Seeds are stored here and in the
history. Only ``judge`` and ``explain`` print one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateColumn

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
    # Gradebooks of earlier releases lack these columns until the next grading, and their rows keep the defaults.
    Column("version", String(32), nullable=False, server_default=""),
    Column("work", String(64), nullable=False, server_default=""),
    Column("parts", Text, nullable=False, server_default=""),  # JSON
)
ACCEPTANCES = Table(
    "attention_acceptances",
    _METADATA,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("work", String(64), nullable=False),
    Column("file", Text, nullable=False),
    Column("is_settled", Boolean, nullable=False),
    Column("accepted_by", String(128), nullable=False),
    Column("accepted_at", DateTime, nullable=False),  # UTC
)
HELD_RESULTS = Table(
    "attention_held_results",
    _METADATA,
    Column("student", String(128), primary_key=True),
    Column("assignment", String(128), primary_key=True),
    Column("status", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("work", String(64), nullable=False),
    Column("held_at", DateTime, nullable=False),  # UTC
)
SECRETS = Table(
    "attention_secret",
    _METADATA,
    Column("fingerprint", String(64), primary_key=True),  # a hash, never the secret
    Column("stored_at", DateTime, nullable=False),  # UTC
)


def create_tables(connection: Connection) -> None:
    """Create the tables and columns that are missing. nbgrader's own tables must exist already."""
    _METADATA.create_all(connection, checkfirst=True)
    for table in _METADATA.sorted_tables:
        existing = column_names(connection, table)
        for column in table.columns:
            if column.name not in existing:
                _add_column(connection, table, column)


def column_names(connection: Connection, table: Table) -> set[str]:
    """Return the columns that a table has in this database."""
    return {column["name"] for column in inspect(connection).get_columns(table.name)}


def _add_column(connection: Connection, table: Table, column: Column[Any]) -> None:
    """Add a column, unless another grader adds it at the same moment."""
    definition = CreateColumn(column).compile(dialect=connection.dialect)
    # PostgreSQL would abort the whole transaction at a column that exists, and SQLite has no IF NOT EXISTS here.
    condition = "IF NOT EXISTS " if connection.dialect.name == "postgresql" else ""
    try:
        connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {condition}{definition}"))
    except OperationalError:
        if column.name not in column_names(connection, table):
            raise
