"""A student's work is found whatever its file is called and wherever it lies. If that is unclear, a person decides."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from autograder.submission.finder import find_notebook, read_chosen_file, read_path
from autograder.submission.reader import Submission, parse_notebook
from autograder.submission.submitted_file import Rejection, SubmittedFile
from autograder.submission.submitted_folder import read_submitted_folder
from autograder.verdict import Status

NAME = "3-softmax"
EXACT = f"{NAME}.ipynb"
RELEASES = Path(__file__).parents[2] / "assignments"
RELEASED_NAMES = os.listdir(RELEASES / NAME)
SOFTMAX = "def softmax(scores, axis=-1):\n    return scores"
OTHER_SOFTMAX = "def softmax(scores, axis=-1):\n    return 2 * scores"


@cache
def released_text(assignment: str = NAME) -> str:
    return (RELEASES / assignment / f"{assignment}.ipynb").read_text()


def released(assignment: str = NAME) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(released_text(assignment))
    return notebook


def answered(answer: str = SOFTMAX) -> bytes:
    notebook = released()
    (cell,) = (c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "softmax")
    cell["source"] = answer
    return json.dumps(notebook).encode()


def only_the_function(answer: str = SOFTMAX) -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "source": answer, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


ORIGINAL = released_text().encode()
WORK, OTHER_WORK = answered(), answered(OTHER_SOFTMAX)


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(mode: Any = "w:gz", **files: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def find(folder: Path, *notebooks: str) -> SubmittedFile | Rejection:
    submitted = read_submitted_folder(folder, RELEASED_NAMES)
    return find_notebook(submitted, NAME, released(), notebooks, RELEASED_NAMES)


def found(folder: Path, *notebooks: str) -> SubmittedFile:
    file = find(folder, *notebooks)
    assert isinstance(file, SubmittedFile), file
    return file


def rejected(folder: Path) -> Rejection:
    rejection = find(folder)
    assert isinstance(rejection, Rejection), rejection
    return rejection


def answer_in(file: SubmittedFile) -> str:
    """Return what the function is in the file that was found."""
    submission = parse_notebook(file, released())
    assert isinstance(submission, Submission)
    return next(source for _, source in submission.sources if "return" in source and "def softmax" in source)


def test_the_notebook_of_the_right_name_is_read_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, {EXACT: b"data", "selfcheck.py": b"x = 1", "data.csv": b""})
    assert find(tmp_path) == SubmittedFile(tmp_path / EXACT, b"data")


@pytest.mark.parametrize(
    "files",
    [
        {"my work.ipynb": WORK},
        {"a.ipynb": WORK, "b.ipynb": WORK},
        {"a.ipynb": WORK, "b.ipynb": ORIGINAL},
        {f"{NAME} (1).ipynb": WORK, f"._{NAME} (1).ipynb": b"\0\5\x16\7"},
        {f"{NAME}.IPYNB": WORK},
        {f"{NAME}.ipynb.txt": WORK},
        {f"{NAME}.ipynb.json": WORK},
        {f"{NAME}.ipynb.ipynb": WORK},
        {f"{NAME}.json": WORK},
        {NAME: WORK},
        {f"{NAME}.ipynb.download": WORK},
        {f"{NAME}.txt": b"\xef\xbb\xbf" + WORK},
        {f"{NAME}/{EXACT}": WORK},
        {f"a/b/c/{EXACT}": WORK, f"a/__MACOSX/{EXACT}": OTHER_WORK},
        {f"{EXACT}/{EXACT}": WORK},
        {f"{NAME}.zip": zipped(**{f"x/{EXACT}": WORK, f"__MACOSX/x/._{EXACT}": b"\0", "x/selfcheck.py": b"x"})},
        {f"{EXACT}.gz": gzip.compress(WORK)},
        {f"sub/{NAME}.tar": tarred("w", **{EXACT: WORK})},
        {f"sub/{NAME}.tgz": tarred(**{f"sub/{EXACT}": WORK})},
        {"all.tar.xz": tarred("w:xz", **{f"sub/{EXACT}": WORK})},
        {"all.zip": zipped(**{"inner.zip": zipped(**{EXACT: WORK})})},
        {EXACT: zipped(**{EXACT: WORK})},
        {"mine.ipynb": WORK, "week2/2-scaling.ipynb": released_text("2-scaling").encode()},
        {"mine.ipynb": WORK, "Untitled.ipynb": only_the_function("x = 1")},
        {"mine.ipynb": WORK, ".ipynb_checkpoints/mine-checkpoint.ipynb": OTHER_WORK},
        {"mine.ipynb": WORK, "softmax.py": OTHER_SOFTMAX.encode()},
    ],
    ids=lambda files: " ".join(files)[:40],
)
def test_work_under_another_name_is_read_with_a_note(tmp_path: Path, files: dict[str, bytes]) -> None:
    file = found(write(tmp_path, files))
    assert answer_in(file) == SOFTMAX
    assert (file.doubt, bool(file.note)) == ("", True)


@pytest.mark.parametrize(
    "files",
    [
        {f"{NAME}-Copy1.ipynb": WORK},
        {f"{NAME} (1).ipynb": WORK},
        {f"{NAME} (1).ipynb": WORK, f"{NAME} (2).ipynb": WORK, "Untitled.ipynb": only_the_function(OTHER_SOFTMAX)},
        {f"work/{EXACT}": WORK},
        {f"{NAME}.zip": zipped(**{EXACT: WORK, f"{NAME}.html": b"page"})},
    ],
    ids=lambda files: " ".join(files)[:40],
)
def test_changed_copies_are_read_instead_of_the_untouched_original(tmp_path: Path, files: dict[str, bytes]) -> None:
    file = found(write(tmp_path, {EXACT: ORIGINAL, **files}))
    assert answer_in(file) == SOFTMAX
    assert file.doubt == ""
    assert "as it was handed out" in file.note


def test_an_empty_file_of_the_right_name_does_not_hide_the_work(tmp_path: Path) -> None:
    assert answer_in(found(write(tmp_path, {EXACT: b"", "copy.ipynb": WORK}))) == SOFTMAX


@pytest.mark.parametrize(
    "files",
    [
        {EXACT: ORIGINAL, "Untitled.ipynb": only_the_function()},
        {"Untitled.ipynb": only_the_function()},
        {"softmax.py": SOFTMAX.encode()},
        {EXACT: ORIGINAL, "softmax.py": SOFTMAX.encode(), "helper.py": b"x = 1"},
        {"work.zip": zipped(**{"softmax.py": SOFTMAX.encode()})},
        {f".ipynb_checkpoints/{NAME}-checkpoint.ipynb": WORK},
        {EXACT: ORIGINAL, f".ipynb_checkpoints/{NAME}-checkpoint.ipynb": WORK},
        {EXACT: b'{"cells": [', f"{NAME}-Copy1.ipynb": WORK},
        {EXACT: released_text("2-scaling").encode(), "mine.ipynb": WORK},
    ],
    ids=lambda files: " ".join(files)[:60],
)
def test_work_that_is_likely_meant_is_read_and_a_person_confirms_it(tmp_path: Path, files: dict[str, bytes]) -> None:
    file = found(write(tmp_path, files))
    assert answer_in(file) == SOFTMAX
    submission = parse_notebook(file, released())
    assert isinstance(submission, Submission)
    assert submission.doubt


def test_of_two_different_works_the_one_of_the_right_name_is_read_with_doubt(tmp_path: Path) -> None:
    file = found(write(tmp_path, {EXACT: WORK, f"{NAME}-Copy1.ipynb": OTHER_WORK}))
    assert answer_in(file) == SOFTMAX
    assert f"{NAME}-Copy1.ipynb" in file.doubt


@pytest.mark.parametrize(
    "files",
    [
        {f"{NAME}-Copy1.ipynb": WORK},
        {f"{NAME} (1).ipynb": ORIGINAL},
        {"Untitled.ipynb": only_the_function(OTHER_SOFTMAX)},
        {f".ipynb_checkpoints/{NAME}-checkpoint.ipynb": OTHER_WORK},
        {"softmax.py": OTHER_SOFTMAX.encode(), f"{NAME}.html": b"page", "x.zip": b"no archive"},
    ],
    ids=lambda files: " ".join(files)[:60],
)
def test_other_files_cast_no_doubt_on_the_notebook_of_the_right_name(tmp_path: Path, files: dict[str, bytes]) -> None:
    file = found(write(tmp_path, {EXACT: WORK, **files}))
    assert (file.data, file.doubt, file.note) == (WORK, "", "")


def test_of_different_works_without_the_right_name_a_person_chooses(tmp_path: Path) -> None:
    rejection = rejected(write(tmp_path, {"a.ipynb": WORK, "b\x1b[31m.ipynb": OTHER_WORK}))
    assert rejection.status is Status.NEEDS_LOOK
    assert "a.ipynb, b.ipynb" in rejection.message


@pytest.mark.parametrize(
    "files",
    [
        {f"{NAME}.html": b"page"},
        {f"{NAME}.pdf": b"%PDF"},
        {f"{NAME}.docx": b"PK\3\4"},
        {"helper.py": b"def other(): pass"},
        {"work.rar": b"Rar!"},
        {f"sub/{NAME}.heic": b"picture"},
        {EXACT: ORIGINAL, f"{NAME}.pdf": b"%PDF"},
        {EXACT: ORIGINAL, "answer.txt": b"def softmax(scores): return scores"},
        {EXACT: ORIGINAL, "copy.ipynb": b'{"cells": ['},
        {EXACT: ORIGINAL, "copy.ipynb": only_the_function("def sofmax(x): return x")},
        {EXACT: ORIGINAL, "helper.py": b"def other(): pass"},
        {EXACT: ORIGINAL, "work.zip": b"PK\3\4 damaged"},
        {"one.ipynb": b"", "two.ipynb": b"damaged", "three.ipynb": only_the_function("x = 1")},
    ],
    ids=lambda files: " ".join(files)[:40],
)
def test_what_cannot_be_graded_is_named_and_waits_for_a_person(tmp_path: Path, files: dict[str, bytes]) -> None:
    rejection = rejected(write(tmp_path, files))
    assert rejection.status is Status.NEEDS_LOOK
    assert any(name in rejection.message for name in files if name != EXACT)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"selfcheck.py": b"def check(): pass", "timestamp.txt": b"2027", f"._{EXACT}": b"\0", ".DS_Store": b""},
        {f"__MACOSX/{EXACT}": WORK, "__pycache__/x.pyc": b"", "feedback/2027/3-softmax.html": b""},
    ],
    ids=len,
)
def test_a_folder_without_work_is_missing(tmp_path: Path, files: dict[str, bytes]) -> None:
    assert rejected(write(tmp_path, files)).status is Status.MISSING
    assert rejected(tmp_path / "nowhere").status is Status.MISSING


@pytest.mark.parametrize(
    "files",
    [
        {EXACT: ORIGINAL},
        {EXACT: ORIGINAL, "old/2-scaling.ipynb": released_text("2-scaling").encode(), "notes.csv": b"1"},
        {EXACT: ORIGINAL, "Untitled.ipynb": only_the_function(""), f"{NAME}-Copy1.ipynb": ORIGINAL},
    ],
    ids=len,
)
def test_the_untouched_notebook_is_read_if_there_is_no_other_work(tmp_path: Path, files: dict[str, bytes]) -> None:
    assert find(write(tmp_path, files)) == SubmittedFile(tmp_path / EXACT, ORIGINAL)


def test_the_notebooks_of_the_assignment_are_not_taken_for_each_other(tmp_path: Path) -> None:
    write(tmp_path, {"mine.ipynb": WORK, "second.ipynb": OTHER_WORK})
    assert answer_in(found(tmp_path, NAME, "second")) == SOFTMAX


def make_link(path: Path) -> None:
    (path.parents[1] / "other.ipynb").write_bytes(WORK)
    path.symlink_to(path.parents[1] / "other.ipynb")


def make_empty_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("make", [os.mkfifo, make_link, make_empty_folder])
@pytest.mark.parametrize("name", [EXACT, "other.ipynb"])
def test_links_pipes_and_folders_are_named_and_never_opened(
    tmp_path: Path, make: Callable[[Path], None], name: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    make(folder / name)
    assert rejected(folder).status is Status.UNREADABLE
    write(folder, {"copy.ipynb": WORK})
    assert answer_in(found(folder)) == SOFTMAX
    assert bool(found(folder).doubt) == (name == EXACT)
    if name != EXACT:
        write(folder, {EXACT: ORIGINAL, "copy.ipynb": ORIGINAL})
        assert rejected(folder).status is Status.NEEDS_LOOK


def test_a_zip_bomb_is_named_and_not_unpacked(tmp_path: Path) -> None:
    rejection = rejected(write(tmp_path, {"bomb.zip": zipped(**{EXACT: b" " * (30 << 20)})}))
    assert rejection.status is Status.UNREADABLE
    assert "bomb.zip" in rejection.message


def test_work_is_found_among_thousands_of_files(tmp_path: Path) -> None:
    write(tmp_path, {"mine.ipynb": WORK, **{f"data/{number}": b"1" for number in range(5000)}})
    assert answer_in(found(tmp_path)) == SOFTMAX


def test_a_folder_is_read_for_the_function_that_it_is_judged_for(tmp_path: Path) -> None:
    write(tmp_path, {f"{NAME}.zip": zipped(**{f"x/{EXACT}": WORK})})
    for path in (tmp_path, tmp_path / f"{NAME}.zip"):
        submission, _ = read_path(path, "softmax", RELEASES)
        assert isinstance(submission, Submission)
        assert SOFTMAX in dict(submission.sources).values()


def test_python_files_beside_the_notebook_come_with_it(tmp_path: Path) -> None:
    files = {f"x/{EXACT}": WORK, "x/helper.py": b"1", "x/package/a.py": b"2", "top.py": b"3"}
    write(tmp_path, {"work.zip": zipped(**files)})
    assert found(tmp_path).siblings == {"helper.py": b"1", "package/a.py": b"2"}
    assert read_path(tmp_path, "softmax", RELEASES)[1] == found(tmp_path).siblings


@pytest.mark.parametrize("name", ["x.ipynb.txt", "x.IPYNB", "x.ipynb.gz"])
@pytest.mark.parametrize("releases", [RELEASES, None])
def test_a_file_with_an_odd_name_is_read(tmp_path: Path, name: str, releases: Path | None) -> None:
    (tmp_path / name).write_bytes(gzip.compress(WORK) if name.endswith("gz") else WORK)
    submission, _ = read_path(tmp_path / name, "softmax", releases)
    assert isinstance(submission, Submission)
    assert SOFTMAX in dict(submission.sources).values()


@pytest.mark.parametrize(
    ("name", "status", "message"),
    [
        ("nothing", Status.MISSING, "no such file"),
        ("text.md", Status.UNREADABLE, "neither a notebook nor a Python file"),
        ("pipe", Status.UNREADABLE, "neither a notebook"),
        ("link.ipynb", Status.UNREADABLE, "link"),
        ("folder", Status.NEEDS_LOOK, "text.md"),
    ],
)
def test_a_path_without_work_says_why(tmp_path: Path, name: str, status: Status, message: str) -> None:
    write(tmp_path, {"text.md": b"x", "folder/text.md": b"x"})
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "text.md")
    rejection, _ = read_path(tmp_path / name, "softmax", RELEASES)
    assert isinstance(rejection, Rejection)
    assert rejection.status is status
    assert message in rejection.message


@pytest.mark.parametrize("file", ["b.ipynb", "old/a.ipynb", "work.zip/a.ipynb", "mine.py"])
def test_the_file_that_an_instructor_chose_is_read_without_doubt(tmp_path: Path, file: str) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "work.zip").write_bytes(zipped(**{"a.ipynb": WORK}))
    (tmp_path / "mine.py").write_text(SOFTMAX)
    for name in (EXACT, "b.ipynb", "old/a.ipynb"):
        (tmp_path / name).write_bytes(OTHER_WORK)
    found = read_chosen_file(read_submitted_folder(tmp_path), file)
    assert isinstance(found, SubmittedFile)
    assert (found.path, found.doubt) == (tmp_path / file, "")
    assert isinstance(parse_notebook(found, released()), Submission)


@pytest.mark.parametrize("file", ["../other.ipynb", "missing.ipynb", "", "a/../../other.ipynb", "link/other.ipynb"])
def test_a_chosen_file_outside_of_the_submission_is_not_read(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / EXACT).write_bytes(WORK)
    (tmp_path / "elsewhere").mkdir()
    for place in (tmp_path, tmp_path / "elsewhere"):
        (place / "other.ipynb").write_bytes(OTHER_WORK)
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    found = read_chosen_file(read_submitted_folder(folder), file)
    assert isinstance(found, Rejection)
    assert EXACT in found.message
