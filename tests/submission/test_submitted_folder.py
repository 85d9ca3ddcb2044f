"""A submitted folder is read within limits, and what could not be read is named."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.submission import submitted_folder
from autograder.submission.submitted_folder import is_document, read_single_file, read_submitted_folder
from autograder.verdict import Status

NOTEBOOK = b'{"cells": [], "nbformat": 4}'


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(NOTEBOOK)
    return folder


def test_files_that_may_be_code_are_read_and_others_are_named(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb", "b.IPYNB.txt", "sub/c.py", "d.zip", "e", "f.pdf")
    (tmp_path / "g.txt").write_text("no notebook")
    found = read_submitted_folder(tmp_path)
    assert set(found.files) == {"a.ipynb", "b.IPYNB.txt", "sub/c.py", "d.zip", "e"}
    assert found.files["a.ipynb"] == NOTEBOOK
    assert (found.others, found.unusable) == (("f.pdf", "g.txt"), {})


def test_hidden_released_and_system_files_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.ipynb", "._a.ipynb", "__MACOSX/a.ipynb", ".git/a.ipynb", "timestamp.txt", "selfcheck.py")
    write(tmp_path, "~$a.docx", "feedback/x/a.html", "__pycache__/a.py", ".ipynb_checkpoints/a-checkpoint.ipynb")
    found = read_submitted_folder(tmp_path, ["selfcheck.py"])
    assert set(found.files) == {".ipynb_checkpoints/a-checkpoint.ipynb"}
    assert (found.others, found.unusable) == ((), {})


def test_links_pipes_and_large_files_are_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    (tmp_path / "link.ipynb").symlink_to("/nowhere")
    (tmp_path / "folder-link").symlink_to(tmp_path)
    with (tmp_path / "huge.ipynb").open("wb") as file:
        file.truncate(submitted_folder.MAX_FILE_BYTES + 1)
    found = read_submitted_folder(tmp_path)
    assert found.files == {}
    assert set(found.unusable) == {"pipe.ipynb", "link.ipynb", "folder-link", "huge.ipynb"}


@pytest.mark.parametrize("limit", ["MAX_ENTRIES", "MAX_DEPTH", "MAX_FILES"])
def test_what_exceeds_a_limit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    write(tmp_path, "a.ipynb", "x/y/z/b.ipynb")
    monkeypatch.setattr(submitted_folder, limit, 1)
    found = read_submitted_folder(tmp_path)
    assert set(found.files) == {"a.ipynb"}
    assert len(found.unusable) == 1


def test_a_folder_that_is_none_or_is_not_there_is_a_problem(tmp_path: Path) -> None:
    problems = [read_submitted_folder(write(tmp_path, "file") / name).problem for name in ("file", "nothing")]
    assert [problem.status for problem in problems if problem] == [Status.UNREADABLE, Status.MISSING]


_READ_AS_NOBODY = """
import os, sys
from pathlib import Path
from autograder.submission.submitted_folder import find_submitted_folders, read_submitted_folder
os.setgid(65534), os.setuid(65534)
for folder in find_submitted_folders(sys.argv[1] + "/*/week"):
    found = read_submitted_folder(Path(folder))
    print(found.problem.status if found.problem else sorted(found.unusable))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="root can read everything, so another account is needed")
def test_what_this_account_cannot_read_is_named() -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to other accounts
        write(Path(name), "1/week/a.ipynb", "1/week/sub/b.ipynb", "2/week/a.ipynb", "3/week/a.ipynb", "4/other/a.ipynb")
        for path in ("1/week/a.ipynb", "1/week/sub", "2/week", "3"):
            Path(name, path).chmod(0)
        Path(name).chmod(0o755)
        command = [sys.executable, "-c", _READ_AS_NOBODY, name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['a.ipynb', 'sub']", "unreadable", "unreadable"]


def test_a_single_file_is_read_as_if_it_were_alone_in_its_folder(tmp_path: Path) -> None:
    write(tmp_path, "a.ipynb.txt", "b.ipynb")
    assert set(read_single_file(tmp_path / "a.ipynb.txt").files) == {"a.ipynb.txt"}


def test_documents_are_recognised_by_their_extensions() -> None:
    names = ("a.PDF", "b/c.jpeg", "d.docx", "a.csv", "pdf", "x.pdf/y")
    assert [is_document(name) for name in names] == [True, True, True, False, False, False]
