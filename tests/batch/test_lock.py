"""Only one run at a time grades an assignment."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from autograder.batch.lock import LockedError, file_lock, run_lock, server_lock
from autograder.cli import main
from tests.helpers.classroom import Classroom
from tests.helpers.postgres import Server


def test_a_locked_file_says_who_holds_it_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    says = f"grade x is running already: process {os.getpid()} of .*, since {time.strftime('%Y-')}"
    with file_lock(path, "grade x"), pytest.raises(LockedError, match=says), file_lock(path, "grade x"):
        pass
    with file_lock(path, "grade x"):
        pass


def test_a_holder_that_has_not_signed_yet_is_reported_as_just_begun(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with file_lock(path, "grade x"):
        path.write_text("")
        with pytest.raises(LockedError, match="it has only just begun"), file_lock(path, "grade x"):
            pass


@contextlib.contextmanager
def session(db_url: str) -> Iterator[Engine]:
    """A connection to a database; its locks end with it."""
    engine = create_engine(db_url)
    yield engine
    engine.dispose()


def test_a_server_locks_one_assignment_for_all_its_users(postgresql: Server) -> None:
    db_url = postgresql.new()
    says = r"grade x is running already: .* on .*, since 20"
    with session(db_url) as other:
        with (
            session(db_url) as first,
            server_lock(first, "grade x"),
            server_lock(other, "grade y"),
            pytest.raises(LockedError, match=says),
            server_lock(other, "grade x"),
        ):
            pass
        with server_lock(other, "grade x"):
            pass


def test_a_sqlite_database_has_no_server_lock(tmp_path: Path) -> None:
    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with session(db_url) as engine, server_lock(engine, "grade x"), server_lock(engine, "grade x"):
        pass


@pytest.mark.slow
def test_the_command_stops_with_a_sentence_while_another_run_grades(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(graded_class.root)
    with run_lock(graded_class.root, "3-softmax", "autograder grade 3-softmax"):
        assert main(["grade", "3-softmax"]) == 2
        assert main(["grade", "3-softmax", "--dry-run"]) == 0  # it writes nothing
    assert "autograder grade 3-softmax is running already: process" in capsys.readouterr().err
    assert main(["grade", "3-softmax"]) == 0
