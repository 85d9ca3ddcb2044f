"""A notebook is read whatever an editor, a file system or git did to its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.student_files.loading import UnreadableNotebookError
from autograder.submission.notebook_file import MERGED, OTHER_ENCODING, SAME_VERSIONS, TWO_VERSIONS, read_notebook

TEXT = "größer … als 3"
LINE = '    "x = 1"\n'


def notebook(source: Any = TEXT, count: int = 1) -> dict[str, Any]:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": count}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def as_text(source: Any = TEXT, count: int = 1) -> str:
    return json.dumps(notebook(source, count), ensure_ascii=False, indent=1)


def source_in(data: bytes) -> str:
    return str(read_notebook(data).notebook["cells"][0]["source"])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_a_notebook_is_read_in_every_usual_encoding(encoding: str) -> None:
    data = as_text().encode(encoding)
    assert source_in(data) == TEXT
    assert read_notebook(data).notes == (() if encoding == "utf-8-sig" else (OTHER_ENCODING,))


def test_plain_letters_are_read_in_two_bytes_each() -> None:
    data = as_text("x = 1").encode("utf-16-le")
    assert read_notebook(data) == (notebook("x = 1"), (OTHER_ENCODING,))


def test_single_bytes_of_another_encoding_leave_the_rest_as_it_is() -> None:
    data = as_text().encode().replace("ß".encode(), "ß".encode("cp1252"))
    assert source_in(data) == TEXT


def test_zeros_at_the_end_and_capitals_in_a_cell_type_do_no_harm() -> None:
    data = as_text().replace('"code"', '"Code"').encode() + b"\0\0"
    assert read_notebook(data).notebook["cells"] == notebook()["cells"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_in_cells_become_those_of_unix(end: str) -> None:
    assert source_in(as_text(f"x = 1{end}y = 2").encode()) == "x = 1\ny = 2"
    assert source_in(as_text([f"x = 1{end}", "y = 2"]).replace("\n", "\r\n").encode()) == "x = 1\ny = 2"


def conflict(ours: str, theirs: str, base: str | None = None) -> str:
    middle = "" if base is None else f"||||||| base\n{base}"
    return f"<<<<<<< HEAD\n{ours}{middle}=======\n{theirs}>>>>>>> theirs\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "base"),
    [
        ('    "x = 1"\n', "", None),
        ("", '    "x = 1"\n', None),
        ('    "x = 1"\n',) * 2 + (None,),
        ("", '    "x = 1"\n', "    3\n"),
    ],
    ids=["ours", "theirs", "both the same", "with the common ancestor"],
)
def test_the_only_version_in_a_merge_is_used(ours: str, theirs: str, base: str | None) -> None:
    text = as_text(["SOURCE"]).replace('    "SOURCE"\n', conflict(ours, theirs, base))
    assert source_in(text.encode()) == "x = 1"
    assert read_notebook(text.encode()).notes == (MERGED,)


def test_merge_marks_around_outputs_and_counts_make_no_difference() -> None:
    line = '   "execution_count": {}\n'
    text = as_text().replace(line.format(1), conflict(line.format(2), line.format(3)))
    assert read_notebook(text.encode()).notes == (SAME_VERSIONS,)
    assert source_in(text.encode()) == TEXT


def test_two_versions_of_a_cell_are_not_decided_here() -> None:
    text = as_text(["SOURCE"]).replace('    "SOURCE"\n', conflict('    "x = 1"\n', '    "x = 2"\n'))
    with pytest.raises(UnreadableNotebookError, match="two versions") as caught:
        read_notebook(text.encode())
    assert str(caught.value) == TWO_VERSIONS


def test_merge_marks_in_the_text_of_a_cell_are_resolved() -> None:
    assert source_in(as_text("x = 1\n" + conflict("y = 2\n", "")).encode()) == "x = 1\ny = 2\n"
    both = "x = 1\n" + conflict("y = 2\n", "y = 3\n")
    assert source_in(as_text(both).encode()) == both


@pytest.mark.parametrize(
    "text",
    ["print('<<<<<<<', '>>>>>>>')", "<<<<<<< a\nx = 1\n>>>>>>> b", "=======\nx\n>>>>>>> b\n<<<<<<< c"],
    ids=["in a line", "without a middle", "in another order"],
)
def test_text_that_only_looks_like_a_merge_stays(text: str) -> None:
    assert source_in(as_text(text).encode()) == text
    assert read_notebook(as_text(text).encode()).notes == ()
