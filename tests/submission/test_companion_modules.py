"""Cells can import Python files that were submitted beside them, and none of these hides a module of Python's."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.submission.companion_modules import MAX_BYTES, MAX_FILES, read_siblings, select


def test_a_module_that_is_imported_brings_the_others_with_it() -> None:
    files = {
        "helper.py": b"import other",
        "other.py": b"x = 1",
        "utils/__init__.py": b"",
        "utils/a.py": b"",
        "b.txt": b"",
    }
    assert select(files, {"helper"}) == {
        "helper": "import other",
        "other": "x = 1",
        "utils.__init__": "",
        "utils.a": "",
    }
    assert select(files, {"numpy"}) == {}


@pytest.mark.parametrize(
    "name", ["numpy.py", "math.py", "json/__init__.py", "selfcheck.py", "plots.py", "submission.py"]
)
def test_a_file_does_not_take_the_place_of_another_module(name: str) -> None:
    module = name.split("/")[0].removesuffix(".py")
    assert select({name: b"", "helper.py": b""}, {module, "helper"}) == {"helper": ""}


def test_files_that_are_imported_come_first_if_there_are_too_many() -> None:
    files = {f"a{number}.py": b"" for number in range(MAX_FILES)} | {"z.py": b"x"}
    assert select(files, {"z"})["z"] == "x"
    assert len(select(files, {"z"})) == MAX_FILES
    assert select({"a.py": b" " * (MAX_BYTES + 1)}, {"a"}) == {}


def test_siblings_are_the_other_python_files_of_the_folder(tmp_path: Path) -> None:
    for name in ("x.py", "helper.py", "x.ipynb"):
        (tmp_path / name).write_text(name)
    (tmp_path / "link.py").symlink_to(tmp_path / "helper.py")
    assert read_siblings(tmp_path / "x.py") == {"helper.py": b"helper.py"}
