"""A whole run: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import OperationalError

from autograder.batch.assignment_bundle import BatchError
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.cli import main
from tests.helpers.classroom import RIGHT, ROOT, WRONG, Classroom
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow
NAME, TEXT = "3-softmax", "6-reflection"
STUDENTS = ("ann", "ben", "cem")


def all_files(classroom: Classroom) -> dict[str, bytes]:
    return {
        str(path.relative_to(classroom.root)): path.read_bytes()
        for path in sorted(classroom.root.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }


def set_grade(classroom: Classroom, student: str, **values: Any) -> None:
    """Change columns of a student's grade as formgrader does."""
    with Gradebook(classroom.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        grade = next(grade for grade in notebook.grades if grade.name == "check-softmax")
        for name, value in values.items():
            setattr(grade, name, value)
        gradebook.db.commit()


def run_command(root: Path, *words: str) -> tuple[int, str, str]:
    """Run `autograder grade` in a process; return its exit status, what it printed, and what it printed to stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_dry_run_lists_what_would_change_and_writes_nothing(graded_class: Classroom) -> None:
    set_grade(graded_class, "cem", auto_score=0.5)
    graded_class.answer("ben", RIGHT)
    graded_class.answer("dia", RIGHT)
    files_before, rows_before = all_files(graded_class), rows(graded_class.db_url, NAME)
    summary, printed = graded_class.grade(dry_run=True, force=True, feedback=True)
    assert all_files(graded_class) == files_before
    assert rows(graded_class.db_url, NAME) == rows_before
    changes = {change.student: change for change in summary.changes}
    assert changes.keys() == {"ben", "cem", "dia"}
    assert str(changes["ben"].before) == "4 graded softmax-without-shift"
    assert str(changes["cem"].before) == "0.5 graded"
    assert changes["dia"].before is None
    assert "What would change" in printed
    assert "4 would be graded" in printed
    assert "3 of 4 would change. Nothing was written." in printed


def test_a_first_dry_run_creates_no_secret(graded_class: Classroom) -> None:
    for file in (".autograder-secret", "gradebook.db"):
        (graded_class.root / file).unlink()
    graded_class.with_nbgrader(NAME, lambda commands: commands.generate())
    assert graded_class.grade(dry_run=True)[0].graded == 3
    assert not (graded_class.root / ".autograder-secret").exists()


def test_a_dry_run_without_anything_new_says_so(graded_class: Classroom) -> None:
    summary, printed = graded_class.grade(dry_run=True)
    assert (summary.graded, summary.unchanged, summary.changes) == (0, 3, [])
    assert "0 would be graded, 3 unchanged" in printed


def test_a_run_lists_whose_results_it_changed(graded_class: Classroom) -> None:
    graded_class.answer("ben", RIGHT)
    graded_class.answer("dia", RIGHT)
    summary, printed = graded_class.grade(force=True)
    assert [change.student for change in summary.changes] == ["ben"]
    assert "What changed" in printed


def test_exit_status_is_1_if_a_submission_needs_review(graded_class: Classroom) -> None:
    graded_class.submit("late", graded_class.notebook(NAME, softmax=RIGHT), when="2027-06-30 10:00:00 UTC")
    status, out, err = run_command(graded_class.root, NAME)
    assert (status, err) == (0, "")
    assert "next: nbgrader generate_feedback 3-softmax" in out
    graded_class.submit("corrupt", "{")
    status, out, err = run_command(graded_class.root, NAME, "--feedback")
    assert (status, err) == (1, "")
    assert "corrupt" in out
    assert "1 graded now, 4 unchanged" in out
    graded_class.folder("empty").mkdir(parents=True)
    assert "empty" in run_command(graded_class.root, NAME)[1]
    assert run_command(graded_class.root, NAME)[0] == 1


def _append_to_config(line: str) -> Callable[[Classroom], Any]:
    def write(classroom: Classroom) -> None:
        with (classroom.root / "nbgrader_config.py").open("a") as config:
            config.write(line + "\n")

    return write


def _release(classroom: Classroom) -> Path:
    return classroom.root / "assignments" / NAME / f"{NAME}.ipynb"


EMPTY_NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
WRONG_USAGE: dict[str, tuple[Callable[[Classroom], Any], tuple[str, ...], str]] = {
    "assignment": (lambda _: None, ("3-sofmax",), "there is no assignment 3-sofmax. Did you mean 3-softmax?"),
    "student": (lambda _: None, (NAME, "--student", "ann", "benn"), "benn submitted nothing. Did you mean ben?"),
    "no gradebook": (
        lambda classroom: (classroom.root / "gradebook.db").unlink(),
        (NAME,),
        f"generate_assignment {NAME}",
    ),
    "broken gradebook": (
        lambda classroom: (classroom.root / "gradebook.db").write_text("x"),
        (NAME,),
        "gradebook",
    ),
    "not generated": (
        lambda classroom: classroom.submit("ann", "", "1-scores"),
        ("1-scores",),
        "nbgrader generate_assignment 1-scores --force",
    ),
    "no release": (
        lambda classroom: _release(classroom).unlink(),
        (NAME,),
        "submissions are graded by it. Run: nbgrader generate_assignment",
    ),
    "broken release": (lambda classroom: _release(classroom).write_text("{"), (NAME,), "generate_assignment"),
    "another course's notebook": (
        lambda classroom: _release(classroom).write_text(EMPTY_NOTEBOOK),
        (NAME,),
        "that this course did not build. Use: nbgrader autograde 3-softmax",
    ),
    "nothing submitted": (
        lambda classroom: shutil.rmtree(classroom.root / "submitted"),
        (NAME,),
        "nothing was submitted",
    ),
    "preprocessors": (
        _append_to_config("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']"),
        (NAME,),
        "another list than the course's own. Use: nbgrader autograde 3-softmax",
    ),
    "hook": (
        _append_to_config("c.Autograde.post_convert_hook = print"),
        (NAME,),
        "has a hook. Use: nbgrader autograde",
    ),
    "feedback": (
        _append_to_config("c.GenerateFeedback.post_convert_hook = print"),
        (NAME, "--feedback"),
        "Leave --feedback out, then use: nbgrader generate_feedback 3-softmax",
    ),
    "broken configuration": (_append_to_config("c.Autograde.("), (NAME,), "Run: nbgrader generate_assignment"),
    "course.yml": (
        lambda classroom: classroom.set("time_zone: Europe/Berlin", "time_zone: Berlin"),
        (NAME,),
        "course.yml",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_USAGE)
def test_a_run_that_cannot_start_ends_with_a_sentence_and_exit_status_2(
    graded_class: Classroom, wrong: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_it, words, message = WRONG_USAGE[wrong]
    break_it(graded_class)
    has_gradebook = "gradebook" not in wrong
    before = rows(graded_class.db_url, TEXT) if has_gradebook else None
    monkeypatch.chdir(graded_class.root)
    status = main(["grade", *words])
    out, err = capsys.readouterr()
    assert (status, out) == (2, ""), err
    assert message in " ".join(err.split())
    assert "Traceback" not in err
    if has_gradebook:
        assert rows(graded_class.db_url, TEXT) == before


def assert_two_assignments_grade_at_once(classroom: Classroom) -> None:
    results: dict[str, tuple[int, str]] = {}

    def grade(name: str) -> None:
        status, _, errors = run_command(classroom.root, name, "--force", "--feedback")
        results[name] = status, errors

    graders = [threading.Thread(target=grade, args=(name,)) for name in (NAME, TEXT)]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join()
    # The written answers wait to be marked.
    assert results == {NAME: (0, ""), TEXT: (1, "")}


@pytest.fixture(scope="module")
def class_in_each_database(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> Classroom:
    """Three ungraded students, late and with two assignments, in a database of each kind."""
    folder = tmp_path_factory.mktemp("databases")
    classroom = Classroom(folder, new_database(folder), NAME, TEXT)
    for student in STUDENTS:
        classroom.answer(student, RIGHT, when="2027-05-02 10:00:00 UTC")
        classroom.submit(student, classroom.notebook(TEXT, senses=student), TEXT)
    return classroom


def test_every_database_serves_two_graders_and_keeps_manual_scores(class_in_each_database: Classroom) -> None:
    classroom = class_in_each_database
    assert_two_assignments_grade_at_once(classroom)
    before = {name: rows(classroom.db_url, name) for name in (NAME, TEXT)}
    assert all(len([key for key in found if len(key) == 1]) == 4 for found in before.values())
    set_grade(classroom, "ben", manual_score=1.25, extra_credit=0.5, needs_manual_grade=False)
    assert classroom.grade()[0].graded == 0
    classroom.answer("cem", WRONG, when="2027-05-02 10:00:00 UTC")
    assert classroom.grade()[0].graded == 1
    assert classroom.grade(force=True)[0].graded == 3
    after = rows(classroom.db_url, NAME)
    assert after["ben", NAME, "grade", "check-softmax"][1:4] == (1.25, 0.5, False)
    assert {key: value for key, value in after.items() if key[0] == "ann"} == {
        key: value for key, value in before[NAME].items() if key[0] == "ann"
    }
    assert rows(classroom.db_url, TEXT) == before[TEXT]


def test_a_failing_database_is_reported_without_anybodys_grades(
    graded_class: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OperationalError("INSERT", {"student": "ann"}, Exception("the disk is full"))

    monkeypatch.setattr(GradebookWriter, "save", fail)
    with pytest.raises(BatchError, match="the disk is full") as raised:
        graded_class.grade(force=True)
    assert "INSERT" not in str(raised.value)
    assert "student" not in str(raised.value)
