"""The database of the gradebook: a file of SQLite's, or a database on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from autograder.errors import AutograderError

_WAIT = 60.0  # seconds for another writer to finish
_DRIVER = "python -m pip install 'attention-course[postgres]'"


class DatabaseError(AutograderError):
    """The gradebook's database cannot be used; the text says what would work, and never a password."""


def database_file(db_url: str) -> Path | None:
    """The file of the gradebook; None where it is a server's database."""
    path = db_url.removeprefix("sqlite:///")
    return Path(path) if path != db_url else None


def redacted_url(db_url: str) -> str:
    """A ``db_url`` as people may see it: without its password."""
    try:
        url = make_url(db_url)
    except (ArgumentError, ValueError):
        return "(db_url)"  # who knows what of it is the password
    return url.difference_update_query(["password"]).render_as_string(hide_password=True)


@contextmanager
def connect(db_url: str) -> Iterator[Connection]:
    """A connection to the database; `DatabaseError` where there is none to be had, or it fails meanwhile."""
    try:
        engine = create_engine(db_url)
    except ImportError as error:
        why = f"Python's driver for it, {error.name or error}, is not installed"
        raise _unusable(db_url, why, f"For a db_url postgresql://…: {_DRIVER}") from None
    except (ArgumentError, ValueError):
        cure = "One would be postgresql://user@host/database"
        raise _unusable(db_url, "that is no database's address", cure) from None
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        cure = "db_url and the file's owner" if database_file(db_url) else "that the server runs, and what db_url says"
        raise _unusable(db_url, f"it cannot be opened ({why})", f"Check {cure}") from None
    finally:
        engine.dispose()


def writer_engine(db_url: str) -> Engine:
    """An engine; with SQLite its transactions lock at once, so that nobody writes between a read and a write."""
    if database_file(db_url) is None:
        return create_engine(db_url)
    engine = create_engine(db_url, connect_args={"timeout": _WAIT})

    @event.listens_for(engine, "connect")
    def by_hand(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would begin a transaction with the first write only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _unusable(db_url: str, why: str, cure: str) -> DatabaseError:
    return DatabaseError(f"gradebook {redacted_url(db_url)}: {why}. {cure}")
