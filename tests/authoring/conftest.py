"""Small courses for the tests of authoring."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.build import build
from autograder.course.settings import Course
from tests.helpers.small_course import small_course


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with one exercise, not built yet."""
    return small_course(tmp_path / "course")


@pytest.fixture
def built(course: Course) -> Course:
    """The same course, built."""
    build(course)
    return course
