"""The database of the gradebook: a SQLite file, or a database on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, Engine, Table, Update, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from autograder.errors import AutograderError

_WRITER_TIMEOUT = 60.0  # seconds to wait for another writer
_DRIVER_COMMAND = "python -m pip install 'attention-course[postgres]'"


class DatabaseError(AutograderError):
    """The gradebook's database cannot be used; the text says what to do, and never holds a password."""


def database_file(db_url: str) -> Path | None:
    """Return the file of the gradebook; None if it is a database on a server."""
    path = db_url.removeprefix("sqlite:///")
    return Path(path) if path != db_url else None


def redacted_url(db_url: str) -> str:
    """Return a ``db_url`` without its password."""
    try:
        url = make_url(db_url)
    except (ArgumentError, ValueError):
        return "(db_url)"  # nobody knows which part of it is the password
    return url.difference_update_query(["password"]).render_as_string(hide_password=True)


@contextmanager
def connect(db_url: str) -> Iterator[Connection]:
    """Open a connection to the database. Raises `DatabaseError` if that fails, or a statement meanwhile."""
    try:
        engine = create_engine(db_url)
    except ImportError as error:
        reason = f"Python's driver for it, {error.name or error}, is not installed"
        raise _unusable(db_url, reason, f"For a db_url postgresql://…: {_DRIVER_COMMAND}") from None
    except (ArgumentError, ValueError):
        example = "One would be postgresql://user@host/database"
        raise _unusable(db_url, "that is no database's address", example) from None
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        to_check = (
            "db_url and the file's owner" if database_file(db_url) else "that the server runs, and what db_url says"
        )
        raise _unusable(db_url, f"it cannot be opened ({reason})", f"Check {to_check}") from None
    finally:
        engine.dispose()


def writer_engine(db_url: str) -> Engine:
    """Return an engine whose SQLite transactions lock at once, so that nobody writes between a read and a write."""
    if database_file(db_url) is None:
        return create_engine(db_url)
    engine = create_engine(db_url, connect_args={"timeout": _WRITER_TIMEOUT})

    @event.listens_for(engine, "connect")
    def leave_transactions_to_us(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would begin a transaction with the first write only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _unusable(db_url: str, reason: str, remedy: str) -> DatabaseError:
    return DatabaseError(f"gradebook {redacted_url(db_url)}: {reason}. {remedy}")


def update_grades(assignment: str, student: str) -> Update:
    """Return an update of nbgrader's grades for a submission, without the values to set."""
    notebooks = (
        select(SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment, SubmittedAssignment.student_id == student)
    )
    grades: Table = Grade.__table__
    return grades.update().where(grades.c.notebook_id.in_(notebooks))
