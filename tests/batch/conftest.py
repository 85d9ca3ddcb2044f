"""Classrooms of the tests of `autograder grade`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.classroom import RIGHT, WRONG, Classroom, small_class
from tests.helpers.processes import descendants, have_ended

STUDENTS = ("ann", "ben", "cem")
CLASS_SIZE = 40


@pytest.fixture(scope="session")
def graded_template(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """Three students, graded once; tests get copies of it."""
    folder = tmp_path_factory.mktemp("graded") / "template"
    classroom = Classroom(folder, f"sqlite:///{folder / 'gradebook.db'}", "3-softmax", "6-reflection")
    for student, source in zip(STUDENTS, (RIGHT, WRONG, RIGHT + "\n"), strict=True):
        classroom.answer(student, source, when="2027-04-20 10:00:00 UTC")
    classroom.submit("ann", classroom.notebook("6-reflection"), "6-reflection")
    for assignment in ("3-softmax", "6-reflection"):
        classroom.grade(assignment)
    return classroom


@pytest.fixture
def graded_class(graded_template: Classroom, tmp_path: Path) -> Classroom:
    """Ann, Ben and Cem, whose 3-softmax was graded once: right, wrong, right. Ann submitted 6-reflection, too."""
    return graded_template.twin(tmp_path / "class")


@pytest.fixture(scope="session")
def ungraded_template(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """A class that nobody has graded yet; tests get copies of it."""
    return small_class(tmp_path_factory.mktemp("ungraded") / "template", CLASS_SIZE)


@pytest.fixture
def ungraded_class(ungraded_template: Classroom, tmp_path: Path) -> Classroom:
    """Forty students, s00 to s39, not graded yet."""
    return ungraded_template.twin(tmp_path / "class")


@pytest.fixture(scope="session")
def uninterrupted(ungraded_template: Classroom) -> tuple[dict[Any, Any], dict[str, Any]]:
    """What one run with feedback over the ungraded class leaves behind."""
    classroom = ungraded_template.twin(ungraded_template.root.parent / "uninterrupted")
    classroom.grade(feedback=True)
    return classroom.results()


@pytest.fixture
def no_process_left() -> Iterator[None]:
    """Fail the test if a process that it started is still there afterwards."""
    before = descendants()
    yield
    assert have_ended(descendants() - before)
