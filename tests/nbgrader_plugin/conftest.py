"""A course that nbgrader's own commands grade; the tests of this folder share it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from tests.helpers.stock_course import StockCourse, create_stock_course


@pytest.fixture(scope="session")
def course_roots() -> dict[str, Path]:
    """The course directories that exist so far, by the kind of their database: making one takes seconds."""
    return {}


@pytest.fixture(scope="module")
def course_root(
    course_roots: dict[str, Path], new_database: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A course directory whose gradebook knows two assignments."""
    root = tmp_path_factory.mktemp("course")
    db_url = new_database(root)
    kind = db_url.partition(":")[0]
    with pytest.MonkeyPatch.context() as patch:  # nbgrader calls alembic from PATH
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        if kind not in course_roots:
            create_stock_course(root, db_url)
            course_roots[kind] = root
        yield course_roots[kind]


@pytest.fixture
def course(course_root: Path) -> Iterator[StockCourse]:
    """The course; a changed course.yml is restored afterwards."""
    settings = (course_root / "course.yml").read_text()
    with nbgrader_application(course_root) as app:
        yield StockCourse(course_root, app)
    (course_root / "course.yml").write_text(settings)
