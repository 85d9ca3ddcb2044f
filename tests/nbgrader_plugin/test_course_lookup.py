"""The course that an nbgrader object works for."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

from autograder.nbgrader_plugin.course_lookup import course_directory, find_course


def preprocessor_in(root: Path) -> SimpleNamespace:
    """An object whose parent's parent has a course directory, as nbgrader's preprocessors have."""
    converter = SimpleNamespace(coursedir=SimpleNamespace(root=str(root)), parent=None)
    return SimpleNamespace(coursedir=None, parent=SimpleNamespace(parent=converter))


def test_the_course_directory_is_that_of_the_nearest_parent_with_one(tmp_path: Path) -> None:
    assert course_directory(preprocessor_in(tmp_path)).root == str(tmp_path)


def test_a_directory_without_course_yml_has_no_course(tmp_path: Path) -> None:
    assert find_course(preprocessor_in(tmp_path)) is None


def test_a_changed_course_yml_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "course.yml"
    titles = []
    for number, title in enumerate(("First", "Second")):
        path.write_text(f"title: {title}\n")
        os.utime(path, (number, number))
        course = find_course(preprocessor_in(tmp_path))
        assert course is not None
        titles.append(course.title)
    assert titles == ["First", "Second"]
