"""A gradebook that is created in a shared course can be written by every grader."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.course.file_access import file_access, restrict_new_files
from autograder.nbgrader_plugin import shared_database


@pytest.mark.parametrize(("folder_mode", "mode"), [(0o2770, 0o660), (0o700, 0o600)])
def test_a_new_gradebook_and_its_journal_have_the_mode_of_the_course(
    tmp_path: Path, folder_mode: int, mode: int
) -> None:
    shared_database.install()
    tmp_path.chmod(folder_mode)
    with restrict_new_files(file_access(tmp_path)):
        engine = create_engine(f"sqlite:///{tmp_path / 'gradebook.db'}")
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode = WAL"))
            connection.execute(text("CREATE TABLE x (y INTEGER)"))
            found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        engine.dispose()
    assert found.keys() >= {"gradebook.db", "gradebook.db-wal"}
    assert set(found.values()) == {mode}


def test_a_gradebook_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    shared_database.install()
    engine = create_engine(f"sqlite:///{tmp_path / 'gradebook.db'}")
    for statement in ("CREATE TABLE x (y INTEGER)", "SELECT * FROM x"):
        with engine.connect() as connection:
            connection.execute(text(statement))
            connection.commit()
        engine.dispose()
        tmp_path.chmod(0o2770)
        (tmp_path / "gradebook.db").chmod(0o600)
    assert stat.S_IMODE((tmp_path / "gradebook.db").stat().st_mode) == 0o600
