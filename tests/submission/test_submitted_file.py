"""A submitted file is read without following links or opening devices."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submission.submitted_file import (
    MAX_FILE_BYTES,
    Rejection,
    read_file,
    read_regular_file,
)
from autograder.verdict import Status


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("nothing.ipynb", Status.MISSING, "no such file"),
        ("folder", Status.UNREADABLE, "directory"),
        ("link.py", Status.UNREADABLE, "link"),
        ("text.txt", Status.UNREADABLE, "neither a notebook nor a Python file"),
        ("pipe.py", Status.UNREADABLE, "not a regular file"),
        ("huge.ipynb", Status.UNREADABLE, "larger than 25 MB"),
    ],
)
def test_a_path_that_cannot_be_read_says_why(tmp_path: Path, name: str, status: Status, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").touch()
    (tmp_path / "link.py").symlink_to(tmp_path / "text.txt")
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    rejection = read_file(tmp_path / name)
    assert isinstance(rejection, Rejection)
    assert rejection.status is status
    assert message in rejection.message


def test_only_regular_files_within_the_limit_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"four")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(path)
    assert read_regular_file(path, 4) == b"four"
    assert read_regular_file(path, 3) is None
    assert [read_regular_file(tmp_path / name, 4) for name in ("pipe", "link", "nothing")] == [None] * 3
