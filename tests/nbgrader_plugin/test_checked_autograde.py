"""`nbgrader autograde` finds, copies and grades what `autograder grade` does, and no submission stops the next one."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import api, autogradeapp

from autograder.course import seeds
from autograder.gradebook import database, review, verdict_table
from autograder.grading import grader
from autograder.nbgrader_plugin.checked_autograde import CheckedAutograde
from autograder.nbgrader_plugin.nbgrader_commands import CommandError, NbgraderCommands
from autograder.verdict import Status
from tests.helpers.stock_course import RIGHT, StockCourse, code_cell

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)]
NAME = "3-softmax"


def folder_of(course: StockCourse, student: str) -> Path:
    folder = course.root / "submitted" / student / NAME
    folder.mkdir(parents=True)
    return folder


def zipped(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_nbgraders_command_and_formgrader_use_the_class(course: StockCourse) -> None:
    assert course.app is not None
    assert autogradeapp.Autograde is api.Autograde is CheckedAutograde


def test_a_notebook_of_another_name_is_graded_under_the_right_one(course: StockCourse) -> None:
    (folder_of(course, "renamed") / "3-softmax (1).ipynb").write_text(json.dumps(course.answered()))
    assert course.autograde("renamed", NAME) == {"check-softmax": (5, False)}
    assert RIGHT.splitlines()[0] in course.graded_notebook("renamed", NAME)


def test_a_notebook_in_an_archive_is_graded_with_the_file_that_it_imports(course: StockCourse) -> None:
    notebook = json.dumps(course.answered("from helper import softmax"))
    archive = zipped(**{f"x/{NAME}.ipynb": notebook, "x/helper.py": f"import numpy as np\n{RIGHT}"})
    (folder_of(course, "zip") / "work.zip").write_bytes(archive)
    assert course.autograde("zip", NAME) == {"check-softmax": (5, False)}


def test_what_cannot_be_graded_has_no_score_and_stops_nobody(course: StockCourse) -> None:
    os.mkfifo(folder_of(course, "a-pipe") / f"{NAME}.ipynb")
    folder_of(course, "b-empty")
    (folder_of(course, "c-page") / f"{NAME}.html").write_text("page")
    (folder_of(course, "d-folder") / "selfcheck.py").mkdir()
    (course.root / "submitted" / "d-folder" / NAME / "selfcheck.py" / "x").write_text("x")
    (folder_of(course, "e-good") / f"{NAME}.ipynb").write_text(json.dumps(course.answered()))
    scores = {student: course.autograde(student, NAME) for student in ("a-pipe", "b-empty", "c-page", "d-folder")}
    assert list(scores.values()) == [{"check-softmax": (None, True)}] * 4
    assert course.verdict("a-pipe").status == Status.UNREADABLE
    assert course.verdict("b-empty").status == Status.MISSING
    assert course.verdict("c-page").status == Status.NEEDS_LOOK
    assert course.autograde("e-good", NAME) == {"check-softmax": (5, False)}


def test_linked_files_and_pipes_are_copied_nowhere(course: StockCourse) -> None:
    folder = folder_of(course, "linker")
    (folder / f"{NAME}.ipynb").write_text(json.dumps(course.answered()))
    (folder / "data.csv").write_text("1")
    (folder / "secret.txt").symlink_to(course.root / ".autograder-secret")
    (folder / "others").symlink_to(course.root / "submitted")
    os.mkfifo(folder / "pipe.csv")
    assert course.autograde("linker", NAME) == {"check-softmax": (5, False)}
    course.feedback("linker", NAME)
    for step in ("autograded", "feedback"):
        names = {path.name for path in (course.root / step / "linker" / NAME).iterdir()}
        assert "data.csv" in names
        assert not names & {"secret.txt", "others", "pipe.csv"}


def fail(*_: Any, **__: Any) -> Any:
    raise RuntimeError("no memory")


def test_a_course_that_cannot_be_read_grades_nobody(course: StockCourse) -> None:
    (folder_of(course, "early") / f"{NAME}.ipynb").write_text(json.dumps(course.answered()))
    course.set("seconds: 5 ", "seconds: x ")
    with pytest.raises(CommandError):
        course.autograde("early", NAME)
    with Gradebook(course.db_url) as gradebook, pytest.raises(MissingEntry):
        gradebook.find_submission(NAME, "early")


@pytest.mark.parametrize("name", [f"{NAME}.ipynb", "mine.ipynb"])
def test_a_grading_that_fails_keeps_the_earlier_one(
    course: StockCourse, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    student = f"graded-{name[0]}"
    folder = folder_of(course, student)
    (folder / name).write_text(json.dumps(course.answered()))
    (folder / "timestamp.txt").write_text("2027-04-20 10:00:00 UTC")
    assert course.autograde(student, NAME) == {"check-softmax": (5, False)}
    before, notebook = course.verdict(student), course.graded_notebook(student, NAME)
    (folder / "timestamp.txt").write_text("2027-05-20 10:00:00 UTC")
    with monkeypatch.context() as patch:
        patch.setattr(grader, "grade_submission", fail)
        with pytest.raises(CommandError):
            course.autograde(student, NAME)
    assert course.verdict(student) == before
    assert course.graded_notebook(student, NAME) == notebook
    with Gradebook(course.db_url) as gradebook:
        submission = gradebook.find_submission(NAME, student)
        (grade,) = submission.notebooks[0].grades
        assert (grade.auto_score, grade.needs_manual_grade) == (5, True)
        assert submission.timestamp == datetime(2027, 4, 20, 10)
    with database.connect(course.db_url) as connection:
        assert "its log says why" in review.load_submission_states(connection, NAME)[student].waits_for
    assert course.autograde(student, NAME) == {"check-softmax": (5, False)}
    assert not list((course.root / "autograded" / student).glob(".*"))


def test_a_damaged_file_does_not_replace_a_verdict(course: StockCourse) -> None:
    student = "damaged"
    folder = folder_of(course, student)
    (folder / f"{NAME}.ipynb").write_text(json.dumps(course.answered()))
    (folder / "timestamp.txt").write_text("2027-04-20 10:00:00 UTC")
    course.autograde(student, NAME)
    before, notebook = course.verdict(student), course.graded_notebook(student, NAME)
    (folder / f"{NAME}.ipynb").write_text("{ damaged")
    (folder / "timestamp.txt").write_text("2027-05-20 10:00:00 UTC")
    assert course.autograde(student, NAME) == {"check-softmax": (5, True)}
    assert course.verdict(student) == before
    assert course.graded_notebook(student, NAME) == notebook
    with Gradebook(course.db_url) as gradebook:
        assert gradebook.find_submission(NAME, student).timestamp == datetime(2027, 4, 20, 10)


def test_files_of_a_command_that_was_killed_come_back(course: StockCourse) -> None:
    course.grade("killed", NAME, course.answered())
    folder = course.root / "autograded" / "killed" / NAME
    text = course.graded_notebook("killed", NAME)
    folder.rename(folder.with_name(f".{NAME}.earlier"))
    folder.mkdir()
    assert course.autograde("killed", NAME) == {"check-softmax": (5, False)}
    assert course.graded_notebook("killed", NAME) == text
    assert [path.name for path in folder.parent.iterdir()] == [NAME]


def test_a_renamed_notebook_keeps_no_score_where_grading_fails(
    course: StockCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder_of(course, "unlucky-name") / "mine.ipynb").write_text(json.dumps(course.answered()))
    monkeypatch.setattr(grader, "grade_submission", fail)
    with pytest.raises(CommandError):
        course.autograde("unlucky-name", NAME)
    with Gradebook(course.db_url) as gradebook:
        (notebook,) = gradebook.find_submission(NAME, "unlucky-name").notebooks
        assert [(grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades] == [(None, True)]
    students = {verdict.student for verdict in verdict_table.load_verdicts(course.db_url, NAME)}
    assert "unlucky-name" not in students


def test_a_folder_that_cannot_be_read_has_no_score(course: StockCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = folder_of(course, "closed")
    (closed / f"{NAME}.ipynb").write_text(json.dumps(course.answered()))
    paths = {str(closed), str(closed / f"{NAME}.ipynb")}
    access, lstat, exists = os.access, os.lstat, os.path.exists
    monkeypatch.setattr(os, "access", lambda path, mode, **kw: str(path) not in paths and access(path, mode, **kw))
    monkeypatch.setattr(os.path, "exists", lambda path: str(path) not in paths and exists(path))

    def refuse(path: str, **kw: int) -> os.stat_result:
        if str(path) == str(closed / f"{NAME}.ipynb"):
            raise PermissionError(13, "Permission denied", path)
        return lstat(path, **kw)

    monkeypatch.setattr(os, "lstat", refuse)
    assert course.autograde("closed", NAME) == {"check-softmax": (None, True)}
    assert course.verdict("closed").status == Status.UNREADABLE


def test_a_missing_notebook_of_several_has_no_score(course: StockCourse) -> None:
    notebooks = [notebook_with_test("plain-1"), notebook_with_test("plain-2")]
    source = course.root / "solutions" / "plain"
    source.mkdir(parents=True)
    for name, notebook in zip(("first", "second"), notebooks, strict=True):
        (source / f"{name}.ipynb").write_text(json.dumps(notebook))
    NbgraderCommands(course.app, "plain").generate()
    folder = course.root / "submitted" / "half" / "plain"
    folder.mkdir(parents=True)
    (folder / "first.ipynb").write_text((course.root / "assignments" / "plain" / "first.ipynb").read_text())
    NbgraderCommands(course.app, "plain").autograde("half")
    with Gradebook(course.db_url) as gradebook:
        submitted = gradebook.find_submission("plain", "half").notebooks
        grades = {
            grade.name: (grade.auto_score, grade.needs_manual_grade) for book in submitted for grade in book.grades
        }
    assert grades == {"plain-1": (1, False), "plain-2": (None, True)}


def notebook_with_test(name: str) -> dict[str, Any]:
    """A notebook that this course did not build, whose only cell is a test."""
    settings = {"grade": True, "grade_id": name, "locked": True, "points": 1, "schema_version": 3, "solution": False}
    cell = code_cell("assert True")
    cell["metadata"]["nbgrader"] = {**settings, "task": False}
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def test_a_graded_copy_stays_where_the_secret_cannot_be_used(course: StockCourse) -> None:
    copy = course.root / "autograded" / "novak" / NAME / f"{NAME}.ipynb"
    copy.parent.mkdir(parents=True)
    copy.write_text("graded earlier")
    (folder_of(course, "novak") / f"{NAME}.ipynb").write_text("{}")
    secret = course.root / seeds.SECRET_FILE
    before = secret.read_bytes() if secret.exists() else None
    secret.write_text("damaged")
    with pytest.raises(CommandError, match="contains no valid secret"):
        course.autograde("novak", NAME)
    assert copy.read_text() == "graded earlier"
    shutil.rmtree(copy.parents[1])
    secret.unlink() if before is None else secret.write_bytes(before)
