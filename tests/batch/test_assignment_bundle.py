"""The data that all submissions of a run share."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.authoring.new_course import add_exercise
from autograder.batch.assignment_bundle import AssignmentBundle, assignment_fingerprint, load_bundle
from autograder.course.settings import load_course
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from tests.helpers.classroom import Classroom

pytestmark = pytest.mark.slow
NAME = "3-softmax"


def load(classroom: Classroom) -> tuple[AssignmentBundle, str]:
    """Load the bundle, and its fingerprint."""
    course = load_course(classroom.root)
    with nbgrader_application(classroom.root) as app:
        app.coursedir.assignment_id = NAME
        bundle = load_bundle(app.coursedir, app.config, course)
    assert bundle is not None
    return bundle, assignment_fingerprint(bundle, course)


def test_a_bundle_holds_release_cells_points_and_files(graded_class: Classroom) -> None:
    bundle, _ = load(graded_class)
    (notebook,) = bundle.notebooks
    assert notebook.functions == ("softmax",)
    assert notebook.cells["check-softmax"].locked
    assert notebook.points["check-softmax"] == 5
    assert "selfcheck.py" in bundle.instructors
    assert list(bundle.course_files) == ["course.yml"]


def test_the_course_files_include_its_own_exercises(graded_class: Classroom) -> None:
    add_exercise(load_course(graded_class.root), "layer_norm")
    folder = graded_class.root / "exercises" / "layer_norm"
    (folder / "notes.txt").touch()
    names = {path.relative_to(graded_class.root).as_posix() for path in folder.rglob("*.*") if path.suffix != ".pyc"}
    course_files = load(graded_class)[0].course_files
    assert "exercises/layer_norm/exercise.py" in course_files
    assert course_files.keys() == {"course.yml", *names} - {"exercises/layer_norm/notes.txt"}


def test_a_notebook_that_the_course_did_not_build_gives_no_bundle(graded_class: Classroom) -> None:
    release = graded_class.root / "assignments" / NAME / f"{NAME}.ipynb"
    release.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    with nbgrader_application(graded_class.root) as app:
        app.coursedir.assignment_id = NAME
        assert load_bundle(app.coursedir, app.config, load_course(graded_class.root)) is None


@pytest.mark.parametrize(
    ("setting", "value", "changes"),
    [("per_day: 0.1", "per_day: 0.2", True), ('title: "Attention', 'title: "Inattention', False)],
)
def test_the_fingerprint_changes_with_what_verdicts_depend_on(
    graded_class: Classroom, setting: str, value: str, changes: Any
) -> None:
    _, before = load(graded_class)
    assert load(graded_class)[1] == before
    graded_class.set(setting, value)
    assert (load(graded_class)[1] != before) is changes
