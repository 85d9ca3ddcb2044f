"""Which course an nbgrader object works for."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.course.settings import COURSE_FILE, Course, load_course


def course_directory(configurable: Any) -> Any:
    """nbgrader's ``CourseDirectory`` of a preprocessor or plugin: that of the nearest parent that has one."""
    while getattr(configurable, "coursedir", None) is None:
        configurable = configurable.parent
    return configurable.coursedir


def course_of(configurable: Any) -> Course | None:
    """The course of a preprocessor or plugin, read again when course.yml changed; None in a directory without one."""
    path = Path(course_directory(configurable).root) / COURSE_FILE
    return _load(path.parent, path.stat().st_mtime_ns) if path.is_file() else None


@lru_cache(maxsize=4)
def _load(root: Path, _changed: int) -> Course:
    return load_course(root)
