"""A submission is found by its folder, read whole, and identified by everything that its grade depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nbgrader.coursedir import CourseDirectory

from autograder.batch.assignment_bundle import AssignmentBundle, AssignmentNotebook
from autograder.batch.student_submission import (
    MAX_STUDENT_ID_LENGTH,
    StudentSubmission,
    find_students,
    read_student_submission,
    student_id_problem,
)
from autograder.course.settings import load_course
from autograder.submission.submitted_work import read_submitted_work
from autograder.submission.timestamp import TimeRules
from tests.helpers.stock_course import ROOT

NAME = "3-softmax"
NO_RULES = TimeRules()
COURSE = load_course(ROOT)
RELEASE: Any = {"cells": []}
BUNDLE = AssignmentBundle(NAME, {}, (AssignmentNotebook(NAME, RELEASE, None, {}, {}),), {}, {}, ("*.pyc",))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted" / "novak" / NAME
    folder.mkdir(parents=True)
    (folder / f"{NAME}.ipynb").write_text("{}")
    (folder / "data.csv").write_text("1")
    return folder


def read(
    folder: Path, seed: int = 7, common: str = "release", course: Any = COURSE, rules: TimeRules = NO_RULES
) -> StudentSubmission:
    work = read_submitted_work(folder)
    return read_student_submission("novak", folder, BUNDLE, course, seed, common, rules, work)


def test_students_are_the_folders_that_have_the_assignment(folder: Path) -> None:
    submitted = folder.parents[1]
    for student in ("kim", "gone"):
        (submitted / student / NAME).mkdir(parents=True)
    (submitted / "absent").mkdir()
    directory = CourseDirectory(root=str(submitted.parent), assignment_id=NAME, student_id_exclude="gone")
    assert find_students(directory) == {student: submitted / student / NAME for student in ("kim", "novak")}


@pytest.mark.parametrize("name", ["__MACOSX", "@eaDir", ".hidden", ".ipynb_checkpoints"])
def test_what_other_programs_leave_beside_the_students_is_no_student(folder: Path, name: str) -> None:
    (folder.parents[1] / name / NAME).mkdir(parents=True)
    directory = CourseDirectory(root=str(folder.parents[2]), assignment_id=NAME)
    assert find_students(directory).keys() == {"novak"}


def test_notebooks_and_other_files_are_read_and_ignored_ones_are_not(folder: Path) -> None:
    (folder / "old.pyc").write_text("x")
    submission = read(folder)
    assert submission.files == {"data.csv": b"1"}
    assert submission.folder.files == {f"{NAME}.ipynb": b"{}"}


def test_a_folder_without_the_notebook_is_read_too(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").unlink()
    assert (read(folder).folder.files, read(folder).files) == ({}, {"data.csv": b"1"})


def test_the_same_submission_has_the_same_fingerprint(folder: Path) -> None:
    assert read(folder).fingerprint == read(folder).fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / f"{NAME}.ipynb").write_text("[]"),
        lambda folder: (folder / f"{NAME}.ipynb").unlink(),
        lambda folder: (folder / "data.csv").write_text("2"),
        lambda folder: (folder / "data.csv").rename(folder / "other.csv"),
        lambda folder: (folder / "more.csv").write_text(""),
        lambda folder: (folder / "copy.ipynb").write_text("{}"),
        lambda folder: (folder / "copy.ipynb").symlink_to("/nowhere"),
    ],
    ids=["notebook", "no notebook", "file", "name", "one more", "copy", "link"],
)
def test_whatever_a_student_changes_changes_the_fingerprint(folder: Path, change: Callable[[Path], Any]) -> None:
    before = read(folder).fingerprint
    change(folder)
    assert read(folder).fingerprint != before


def test_seed_release_and_extension_change_the_fingerprint(folder: Path) -> None:
    extended = replace(COURSE, extensions={NAME: {"novak": datetime(2026, 10, 1, tzinfo=UTC)}})
    others_extended = replace(COURSE, extensions={NAME: {"kim": datetime(2026, 10, 1, tzinfo=UTC)}})
    before = read(folder).fingerprint
    assert before == read(folder, course=others_extended).fingerprint
    changed = (read(folder, seed=8), read(folder, common="other"), read(folder, course=extended))
    assert before not in [submission.fingerprint for submission in changed]


@pytest.mark.parametrize(
    ("text", "timestamp"),
    [
        (b"2026-10-01 12:00:00 UTC", datetime(2026, 10, 1, 12)),
        (b"2026-10-01 12:00:00 EST5EDT\n", datetime(2026, 10, 1, 16)),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_a_timestamp_is_in_utc_or_a_problem_that_is_reported(
    folder: Path, text: bytes, timestamp: datetime | None
) -> None:
    (folder / "timestamp.txt").write_bytes(text)
    time = read(folder).time
    assert (time.moment, bool(time.problem)) == (timestamp, timestamp is None)


def test_a_time_that_is_not_believed_any_more_changes_the_fingerprint(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("2199-01-01 12:00:00 UTC")
    rules = TimeRules(latest=datetime(2030, 1, 1, tzinfo=UTC))
    doubted = read(folder, rules=rules)
    assert doubted.fingerprint != read(folder).fingerprint


@pytest.mark.parametrize("student", ["novak", "über", "a b", "[red]x", "x" * MAX_STUDENT_ID_LENGTH])
def test_a_printable_name_may_be_a_students(student: str) -> None:
    assert student_id_problem(student) == ""


@pytest.mark.parametrize("student", ["two\nlines", "\x1b[31mred", "m\udcfcller", "x" * (MAX_STUDENT_ID_LENGTH + 1)])
def test_a_name_that_would_break_the_gradebook_is_reported(student: str) -> None:
    assert student_id_problem(student).endswith("Rename it.")
