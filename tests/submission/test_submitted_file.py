"""Finding the notebook of a submission, and reading it without following links or opening devices."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.submission.submitted_file import (
    MAX_FILE_BYTES,
    Rejection,
    SubmittedFile,
    find_notebook,
    read_file,
    read_regular_file,
)
from autograder.verdict import Status

NAME = "3-softmax"


def found(folder: Path, *notebooks: str) -> SubmittedFile:
    file = find_notebook(folder, NAME, notebooks)
    assert isinstance(file, SubmittedFile)
    return file


def rejected(folder: Path) -> Rejection:
    rejection = find_notebook(folder, NAME)
    assert isinstance(rejection, Rejection)
    return rejection


def test_the_notebook_of_the_expected_name_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.ipynb").write_bytes(b"data")
    (tmp_path / f"{NAME}-Copy1.ipynb").write_bytes(b"copy")
    assert found(tmp_path) == SubmittedFile(tmp_path / f"{NAME}.ipynb", b"data")


def test_the_only_notebook_of_another_name_is_found_and_doubted(tmp_path: Path) -> None:
    (tmp_path / "my \x1b[31mwork.ipynb").write_bytes(b"data")
    file = found(tmp_path)
    assert file.data == b"data"
    assert file.doubt.startswith(f"The notebook was submitted as my work.ipynb, not as {NAME}.ipynb.")


def test_hidden_notebooks_and_those_of_the_assignment_are_no_candidates(tmp_path: Path) -> None:
    for name in ("mine.ipynb", "._mine.ipynb", "second.ipynb"):
        (tmp_path / name).write_bytes(name.encode())
    assert found(tmp_path, NAME, "second").data == b"mine.ipynb"


def test_several_notebooks_of_other_names_are_listed(tmp_path: Path) -> None:
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).touch()
    assert rejected(tmp_path).status is Status.MISSING
    assert rejected(tmp_path).message.endswith("It contains: a.ipynb, b.ipynb.")


def test_a_folder_without_a_notebook_is_missing_one(tmp_path: Path) -> None:
    assert rejected(tmp_path).status is Status.MISSING
    assert rejected(tmp_path / "nowhere").status is Status.MISSING


def test_a_file_in_place_of_the_folder_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert rejected(tmp_path / "file").status is Status.UNREADABLE


def test_a_link_of_the_expected_name_is_rejected_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "other.ipynb").write_bytes(b"data")
    (tmp_path / f"{NAME}.ipynb").symlink_to("/nowhere")
    assert rejected(tmp_path) == Rejection(Status.UNREADABLE, "This is a link. Submit the file itself.")


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
