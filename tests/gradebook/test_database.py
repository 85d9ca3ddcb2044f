"""The gradebook's database: its address, its connections and its lock."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from autograder.gradebook.database import DatabaseError, connect, database_file, redacted_url, writer_engine


def test_only_a_sqlite_gradebook_is_a_file() -> None:
    assert database_file("sqlite:////course/gradebook.db") == Path("/course/gradebook.db")
    assert database_file("postgresql://grader@host/course") is None


@pytest.mark.parametrize(
    ("db_url", "redacted"),
    [
        ("postgresql://grader:hush@host/course", "postgresql://grader:***@host/course"),
        ("postgresql://host/course?user=grader&password=hush", "postgresql://host/course?user=grader"),
        ("hush", "(db_url)"),
    ],
)
def test_a_shown_address_never_holds_the_password(db_url: str, redacted: str) -> None:
    assert redacted_url(db_url) == redacted


def test_a_statement_that_fails_is_reported_as_a_database_error(tmp_path: Path) -> None:
    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with pytest.raises(DatabaseError, match=r"no such table.*Check db_url"), connect(db_url) as connection:
        connection.execute(text("SELECT * FROM grade"))


def test_a_missing_driver_is_reported_with_the_command_that_installs_it() -> None:
    with pytest.raises(DatabaseError, match="attention-course"), connect("mysql://host/course"):
        pass


def test_a_transaction_of_the_writer_locks_sqlite_before_its_first_write(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    engine = writer_engine(f"sqlite:///{path}")
    with engine.begin() as connection, sqlite3.connect(path, timeout=0) as other:
        connection.execute(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("CREATE TABLE x (y)")
    engine.dispose()
    other.close()
