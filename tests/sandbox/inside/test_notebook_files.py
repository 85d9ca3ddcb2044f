"""Files beside a notebook are written as given, and those that cells changed are read back."""

from __future__ import annotations

from pathlib import Path

from autograder.sandbox.inside.notebook_files import file_states, read_changed, write_files


def test_files_are_written_from_one_payload(tmp_path: Path) -> None:
    write_files(tmp_path, [("a.txt", 2), ("data/b.txt", 3)], b"abcde")
    assert (tmp_path / "a.txt").read_bytes() == b"ab"
    assert (tmp_path / "data" / "b.txt").read_bytes() == b"cde"


def test_new_and_changed_files_are_read_and_others_are_not(tmp_path: Path) -> None:
    write_files(tmp_path, [("same", 1), ("changed", 1)], b"ab")
    before = file_states(tmp_path)
    (tmp_path / "changed").write_text("longer")
    (tmp_path / "new").write_text("new")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "new.pyc").write_text("code")
    (tmp_path / "link").symlink_to("/etc/passwd")
    assert read_changed(tmp_path, before, 10, 100) == ([("changed", 6), ("new", 3)], b"longernew")


def test_files_that_exceed_a_limit_are_left_out(tmp_path: Path) -> None:
    write_files(tmp_path, [("a", 3), ("b", 9), ("c", 3), ("d", 1)], b"aaabbbbbbbbbcccd")
    assert read_changed(tmp_path, {}, 10, 6) == ([("a", 3), ("c", 3)], b"aaaccc")
    assert read_changed(tmp_path, {}, 1, 100) == ([("a", 3)], b"aaa")
