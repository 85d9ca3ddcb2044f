"""Files beside a notebook: which ones its cells may read, and which of those that they wrote are kept."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from autograder.submission import companion_files
from autograder.submission.companion_files import (
    MAX_ENTRIES,
    collect_inputs,
    file_names,
    fit_to_limits,
    merge_files,
    read_folder,
    write_outputs,
)

LOG = logging.getLogger("test")


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def test_cells_may_read_files_but_no_notebooks_hidden_folders_or_links(tmp_path: Path) -> None:
    write(tmp_path, "data/rows.csv", "other.ipynb", ".git/config", "linked.txt")
    submitted = tmp_path / "submitted"
    submitted.mkdir()
    (submitted / "linked.txt").symlink_to(tmp_path / "data" / "rows.csv")
    files = collect_inputs(tmp_path, submitted, (), LOG)
    assert files == {"data/rows.csv": b"data/rows.csv"}


def test_the_instructors_files_come_first_when_there_are_too_many(caplog: pytest.LogCaptureFixture) -> None:
    names = [f"{number:04}" for number in range(MAX_ENTRIES)]
    files = fit_to_limits([*names, "z"], {"z"}, lambda _: b"", LOG)
    assert "z" in files
    assert len(files) == MAX_ENTRIES - 1  # the folder itself is an entry too
    assert "The notebook ran without these files" in caplog.text


def test_files_beyond_the_size_limit_are_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion_files, "MAX_BYTES", 10)
    contents = {"a": b"123456", "b": b"123456", "c": b"1234"}
    assert list(fit_to_limits(contents, (), contents.get, LOG)) == ["a", "c"]


def test_skipped_names_are_shortened_and_without_control_characters(caplog: pytest.LogCaptureFixture) -> None:
    fit_to_limits([f"\x1b[31m{number}" for number in range(7)], (), lambda _: None, LOG)
    assert caplog.text.strip().endswith("0, 1, 2, 3, 4 and 2 more")


def test_a_folder_is_read_without_notebooks_and_ignored_names(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "deep/b.txt", "c.ipynb", "d.pyc", ".ipynb_checkpoints/e.txt")
    os.mkfifo(tmp_path / "pipe")
    assert set(read_folder(tmp_path, ["*.pyc", ".ipynb_checkpoints"])) == {"a.txt", "deep/b.txt"}
    assert "c.ipynb" in file_names(tmp_path)


@pytest.mark.parametrize(
    ("first", "second", "merged"),
    [
        ("a", "b", {"a", "b"}),
        ("a", "a", {"a"}),
        ("a/b", "a", {"a/b"}),
        ("a", "a/b", {"a"}),
    ],
)
def test_merged_files_never_replace_a_file_or_folder_of_the_first(first: str, second: str, merged: set[str]) -> None:
    files = merge_files({first: b"first"}, {second: b"second"})
    assert set(files) == merged
    assert files[first] == b"first"


def test_written_files_are_kept_except_over_the_instructors(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path, "given.csv")
    write_outputs(tmp_path, {"given.csv": b"changed", "deep/own.csv": b"1"}, {"given.csv"}, LOG)
    assert (tmp_path / "given.csv").read_bytes() == b"given.csv"
    assert (tmp_path / "deep" / "own.csv").read_bytes() == b"1"
    assert "given.csv belongs to the instructor" in caplog.text


def test_cells_cannot_write_notebooks_or_through_links(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    write_outputs(folder, {"x.ipynb": b"", "out/x": b"", "../x": b""}, (), LOG)
    assert caplog.text.count("was not kept") == 3
    assert {path.name for path in tmp_path.iterdir()} == {"folder"}
