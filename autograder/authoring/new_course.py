"""A new course directory out of the installed package, and a new exercise in a course."""

from __future__ import annotations

import keyword
import os
import re
import tempfile
from pathlib import Path

import yaml

from autograder.authoring.build import build
from autograder.authoring.student_kit import student_config
from autograder.course import catalogue
from autograder.course.settings import Course, load_course
from autograder.errors import AutograderError

TEMPLATE = Path(__file__).parent / "template"
COURSE_FILES = {
    "course.yml": "course.yml",
    "nbgrader_config.py": "nbgrader_config.py.tpl",
    ".gitignore": "gitignore.tpl",
    "exercises/README.md": "exercises.md",
}
EXERCISE_FILES = {"exercise.py": "exercise/exercise.py.tpl", "lesson.py": "exercise/lesson.py.tpl"}


class InitError(AutograderError):
    """Nothing was made; the text says why and what would work."""


def create_course(target: Path) -> list[Path]:
    """Make a course in a new or empty directory, with solutions/ and assignments/ built; return its files.

    Raises `InitError` where something is there already: nothing is overwritten.
    """
    target = target.absolute()
    if target.exists() and not target.is_dir():
        raise InitError(f"{target} is a file. Name a new or an empty directory.")
    if target.is_dir() and any(target.iterdir()):
        raise InitError(f"{target} is not empty. Name a new or an empty directory.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
            made = Path(folder).resolve()
            for name, template in COURSE_FILES.items():
                _put(made / name, _template(template))
            build(load_course(made))
            target.mkdir(exist_ok=True)
            for path in sorted(made.iterdir()):
                os.replace(path, target / path.name)
    except OSError as error:
        raise InitError(f"{target} cannot be written: {error.strerror}. Name a directory of your own.") from None
    _put(target / "student" / "nbgrader_config.py", student_config(load_course(target)))
    return sorted(path for path in target.rglob("*") if path.is_file())


def add_exercise(course: Course, function: str) -> tuple[str, list[Path]]:
    """Copy the template of an exercise to ``exercises/<function>/`` and put its assignment last into course.yml.

    Returns the name of the assignment and the files written; `InitError` where the name cannot be used.
    """
    if not (function.isidentifier() and function.isascii()) or keyword.iskeyword(function):
        raise InitError(f"{function!r} is no name for a function. Use small letters, digits and _, such as layer_norm.")
    folder = course.root / "exercises" / function
    if folder.exists() or function in catalogue.load_exercises(course.root):
        raise InitError(f"There is an exercise {function} already. Choose another name.")
    numbers = [int(found[0]) for name in catalogue.load_lessons(course.root) if (found := re.match(r"\d+", name))]
    assignment = f"{max(numbers, default=-1) + 1}-{function.replace('_', '-')}"
    for name, template in EXERCISE_FILES.items():
        _put(folder / name, _template(template).replace("my_function", function).replace("7-mine", assignment))
    settings = course.root / "course.yml"
    settings.write_text(_listed(settings.read_text(encoding="utf-8"), assignment), encoding="utf-8", newline="\n")
    return assignment, [settings, *(folder / name for name in EXERCISE_FILES)]


def _listed(text: str, assignment: str) -> str:
    """course.yml with one more assignment at the end of ``lessons``, everything else left as it is written."""
    settings = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(settings, yaml.MappingNode), "load_course has read it"
    lessons = next((value for key, value in settings.value if key.value == "lessons"), None)
    if lessons is None:  # then every lesson there is belongs to the course
        return text
    end = lessons.value[-1].end_mark.index
    if lessons.flow_style:
        return f"{text[:end]}, {assignment}{text[end:]}"
    line = text.find("\n", end)
    end = len(text) if line < 0 else line
    return f"{text[:end]}\n{' ' * lessons.start_mark.column}- {assignment}{text[end:]}"


def _template(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _put(path: Path, text: str) -> None:
    """Write a new file; one that is there already is never overwritten."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
