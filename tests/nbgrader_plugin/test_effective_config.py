"""The configuration that nbgrader would use in a course directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.nbgrader_plugin.config import CLEAN_NOTEBOOK, REQUIRED_PREPROCESSORS
from autograder.nbgrader_plugin.effective_config import load_effective_config

CONFIGURE = """
from pathlib import Path
from autograder.nbgrader_plugin.config import configure
c = get_config()
configure(c, Path(__file__).parent)
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A directory with a valid course.yml and an nbgrader_config.py that calls `configure`."""
    (tmp_path / "course.yml").write_text("title: X\n")
    (tmp_path / "nbgrader_config.py").write_text(CONFIGURE)
    return tmp_path


def append(course: Path, line: str) -> None:
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"{line}\n")


def test_a_course_that_calls_configure_misses_no_preprocessor(course: Path) -> None:
    config = load_effective_config(course)
    assert config.missing_preprocessors == ()
    assert config.gradebook_file == course / "gradebook.db"


def test_without_configure_every_required_preprocessor_is_missing(course: Path) -> None:
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    assert load_effective_config(course).missing_preprocessors == REQUIRED_PREPROCESSORS


def test_a_later_setting_that_drops_a_preprocessor_is_noticed(course: Path) -> None:
    append(course, "c.Autograde.autograde_preprocessors.pop()")
    assert load_effective_config(course).missing_preprocessors == (CLEAN_NOTEBOOK,)


def test_the_address_of_the_gradebook_is_shown_without_its_password(course: Path) -> None:
    append(course, "c.CourseDirectory.db_url = 'postgresql://grader:hush@host/course'")
    config = load_effective_config(course)
    assert config.gradebook == "postgresql://grader:***@host/course"
    assert config.gradebook_file is None
