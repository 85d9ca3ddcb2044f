"""Whether a submitted folder is still the same, and the file that an instructor chose in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.submission.submitted_work import read_submitted_work


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submitted folder with a notebook and a file in a folder."""
    folder = tmp_path / "3-softmax"
    (folder / "data").mkdir(parents=True)
    (folder / "3-softmax.ipynb").write_text("{}")
    (folder / "data" / "x.csv").write_text("1,2")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "3-softmax.ipynb").write_text("{} "),
        lambda folder: (folder / "data" / "x.csv").write_text("1,3"),
        lambda folder: (folder / "data" / "x.csv").rename(folder / "data" / "y.csv"),
        lambda folder: (folder / "data" / "x.csv").unlink(),
        lambda folder: (folder / "mine.py").touch(),
        lambda folder: (folder / ".ipynb_checkpoints").mkdir() or (folder / ".ipynb_checkpoints" / "a.ipynb").touch(),
    ],
)
def test_a_changed_new_renamed_or_removed_file_is_new_work(folder: Path, change: Callable[[Path], object]) -> None:
    before = read_submitted_work(folder)
    change(folder)
    assert read_submitted_work(folder).fingerprint != before.fingerprint


def test_the_time_of_submission_and_hidden_files_are_not_work(folder: Path) -> None:
    before = read_submitted_work(folder)
    for name in ("timestamp.txt", "submission_secret.txt", ".DS_Store", "data/._x.csv"):
        (folder / name).write_text("2027")
    os.utime(folder / "3-softmax.ipynb", (1, 1))
    assert read_submitted_work(folder).fingerprint == before.fingerprint


def test_the_newest_file_says_when_the_work_was_modified(folder: Path) -> None:
    os.utime(folder / "3-softmax.ipynb", (10, 10))
    os.utime(folder / "data" / "x.csv", (20, 20))
    assert read_submitted_work(folder).modified == datetime.fromtimestamp(20, UTC).replace(tzinfo=None)


def test_a_pipe_and_a_folder_that_does_not_exist_are_read_at_once(folder: Path) -> None:
    before = read_submitted_work(folder)
    os.mkfifo(folder / "pipe.ipynb")
    assert read_submitted_work(folder).fingerprint != before.fingerprint
    assert read_submitted_work(folder / "missing").fingerprint
