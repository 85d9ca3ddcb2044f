"""The nbgrader_config.py of courses made by earlier releases still works."""

from __future__ import annotations

from autograder.bridge import config as old_place
from autograder.nbgrader_plugin.config import configure


def test_courses_of_earlier_releases_still_find_configure() -> None:
    assert old_place.configure is configure
