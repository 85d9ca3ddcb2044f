"""Find the course that an nbgrader object works for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.course.settings import COURSE_FILE, Course, load_course


def course_directory(configurable: Any) -> Any:
    """Return the nbgrader ``CourseDirectory`` of a preprocessor or plugin: that of its nearest parent that has one."""
    return find_converter(configurable).coursedir


def find_converter(configurable: Any) -> Any:
    """Return the nearest parent of a preprocessor or plugin that has a course directory: a command of nbgrader."""
    while getattr(configurable, "coursedir", None) is None:
        configurable = configurable.parent
    return configurable


def find_course(configurable: Any) -> Course | None:
    """Return the course of a preprocessor or plugin; None in a directory without course.yml.

    The file is read again after it has changed. Raises `CourseError` if it is invalid.
    """
    return load_course_in(Path(course_directory(configurable).root))


def load_course_in(root: Path) -> Course | None:
    """Return the course in a directory; None without course.yml. Raises `CourseError` if it is invalid."""
    path = root / COURSE_FILE
    return _load(path.parent, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=4)
def _load(root: Path, _modified_ns: int) -> Course:
    return load_course(root)
