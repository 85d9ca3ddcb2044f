"""Every command reads submissions with the same loader: bytes and a release become sources, or a rejection."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.student_files.loading import MAX_CODE_CHARACTERS
from autograder.submission.reader import Submission, load_release, parse_notebook, parse_script, read_submission
from autograder.submission.submitted_file import Rejection, SubmittedFile
from autograder.verdict import Status

NAME = "9-words"
DOUBT = "It has another name."


def code_cell(source: str, grade_id: str = "") -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if grade_id:
        metadata["nbgrader"] = {"grade_id": grade_id, "grade": False, "locked": False, "solution": True}
    return {"cell_type": "code", "id": grade_id or "own", "metadata": metadata, "source": source}


def notebook(answer: str, **top_level: Any) -> dict[str, Any]:
    metadata = {"autograder": {"assignment": NAME}}
    return {"cells": [code_cell(answer, "words")], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5} | top_level


RELEASE = notebook("raise NotImplementedError()")


def parsed(data: Any, release: Any = RELEASE, doubt: str = "") -> Submission | Rejection:
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return parse_notebook(SubmittedFile(Path("x.ipynb"), content, doubt), release)


def accepted(result: Submission | Rejection) -> Submission:
    assert isinstance(result, Submission)
    return result


def rejected(result: Submission | Rejection) -> Rejection:
    assert isinstance(result, Rejection)
    return result


def test_a_notebook_is_restored_and_its_code_cells_are_the_sources() -> None:
    submission = accepted(parsed(notebook("x = 1")))
    assert submission.sources == (("code cell 1", "x = 1"),)
    assert (submission.notes, submission.doubt) == ((), "")
    assert submission.notebook is not None
    assert submission.notebook["cells"][0]["metadata"] == RELEASE["cells"][0]["metadata"]


def test_a_doubt_about_the_file_becomes_a_doubt_and_a_note_of_the_submission() -> None:
    submission = accepted(parsed(notebook("x = 1"), doubt=DOUBT))
    assert (submission.notes, submission.doubt) == ((DOUBT,), DOUBT)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"cells": {}}', b"\xff\xfe\x00", b"[" * 50_000])
def test_bytes_that_are_no_notebook_are_unreadable(data: bytes) -> None:
    rejection = rejected(parsed(data))
    assert (rejection.status, rejection.notebook) == (Status.UNREADABLE, None)


def test_a_different_notebook_is_altered_and_kept_for_a_person() -> None:
    rejection = rejected(parsed({"cells": [code_cell("y = 2")]}))
    assert rejection.status is Status.ALTERED
    assert rejection.notebook is not None
    assert rejection.notebook["cells"][-1]["source"] == "y = 2"


@pytest.mark.parametrize("release", [RELEASE, None])
def test_code_above_the_limit_is_rejected_in_every_notebook(release: Any) -> None:
    rejection = rejected(parsed(notebook("#" * (MAX_CODE_CHARACTERS + 1)), release))
    assert (rejection.status, "longer than 1 MB" in rejection.message) == (Status.UNREADABLE, True)


@pytest.mark.parametrize(
    "odd",
    [{"nbformat": 99}, {"nbformat": "4"}, {"metadata": []}, {"cells": ["x", None, {}, *notebook("x = 1")["cells"]]}],
    ids=["newer format", "format as text", "metadata as list", "entries that are no cells"],
)
def test_odd_notebooks_with_the_answer_in_them_are_read(odd: dict[str, Any]) -> None:
    sources = accepted(parsed(notebook("x = 1", **odd))).sources
    assert [source for _, source in sources if source] == ["x = 1"]


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert accepted(parsed(notebook("x = '\ud800'"))).sources[0][1] == "x = '?'"


def test_a_script_is_decoded_as_python_does() -> None:
    latin = SubmittedFile(Path("x.py"), "# coding: latin-1\nx = 'é'".encode("latin-1"))
    assert accepted(parse_script(latin)).sources == (("the file", "# coding: latin-1\nx = 'é'"),)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x = 1\0", b"# coding: klingon\n", b"#" * (MAX_CODE_CHARACTERS + 1)])
def test_a_script_that_is_no_python_text_or_too_long_is_unreadable(data: bytes) -> None:
    assert rejected(parse_script(SubmittedFile(Path("x.py"), data))).status is Status.UNREADABLE


def test_a_notebook_is_restored_from_the_release_that_it_names(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / f"{NAME}.ipynb").write_text(json.dumps(RELEASE))
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(notebook("x = 1", cells=[code_cell("y = 2")])))
    assert rejected(read_submission(path, tmp_path)).status is Status.ALTERED
    assert accepted(read_submission(path)).sources == (("code cell 1", "y = 2"),)


@pytest.mark.parametrize("path", [f"{NAME}.ipynb", f"{NAME}/copy.ipynb"])
def test_a_notebook_without_metadata_is_restored_by_its_name_or_its_folder(tmp_path: Path, path: str) -> None:
    release = tmp_path / "assignments" / NAME / f"{NAME}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_text(json.dumps(RELEASE))
    submitted = tmp_path / "novak" / path
    submitted.parent.mkdir(parents=True)
    submitted.write_text(json.dumps({"cells": [{**code_cell("x = 1", "words"), "id": "changed"}]}))
    submission = accepted(read_submission(submitted, tmp_path / "assignments"))
    assert submission.notebook is not None
    assert submission.notebook["cells"][0]["id"] == "words"


@pytest.mark.parametrize("assignment", ["..", "../9-words", "", None, 3, ["9-words"]])
def test_no_release_is_found_for_an_assignment_that_is_not_the_courses(tmp_path: Path, assignment: Any) -> None:
    (tmp_path / NAME).mkdir()
    assert load_release(tmp_path, assignment) is None
    assert load_release(tmp_path / "nowhere", assignment) is None
