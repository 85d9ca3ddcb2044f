"""Create a course directory from the installed package, and add an exercise to a course."""

from __future__ import annotations

import keyword
import os
import re
import stat
import tempfile
from pathlib import Path

import yaml

from autograder.authoring.build import build
from autograder.authoring.student_kit import student_config
from autograder.course import catalogue
from autograder.course.file_access import FileAccess, file_access, restrict_new_files
from autograder.course.settings import COURSE_FILE, Course, load_course, unusable_folder
from autograder.errors import AutograderError

TEMPLATE = Path(__file__).parent / "template"
COURSE_TEMPLATES = {
    "course.yml": "course.yml",
    "nbgrader_config.py": "nbgrader_config.py.tpl",
    ".gitignore": "gitignore.tpl",
    "exercises/README.md": "exercises.md",
}
EXERCISE_TEMPLATES = {"exercise.py": "exercise/exercise.py.tpl", "lesson.py": "exercise/lesson.py.tpl"}


class InitError(AutograderError):
    """Raised if a course or an exercise cannot be created. Nothing was written."""


def create_course(target: Path) -> list[Path]:
    """Create a course in a new or empty directory, build solutions/ and assignments/, and return all files.

    Only this account can read them, or the group that the directory is shared with, whatever the umask is. Raises
    `InitError` if the directory is not empty, cannot be written, or has a name that nbgrader cannot use.
    """
    target = target.absolute()
    if unusable_folder(target.resolve()):
        raise InitError(unusable_folder(target.resolve()))
    if target.exists() and not target.is_dir():
        raise InitError(f"{target} is a file. Name a new or an empty directory.")
    if target.is_dir() and any(target.iterdir()):
        raise InitError(f"{target} is not empty. Name a new or an empty directory.")
    access = file_access(target)
    try:
        with restrict_new_files(access):
            _fill_course(target, access)
    except OSError as error:
        raise InitError(
            f"{target} cannot be written: {error.strerror}. Name a directory that you may write to."
        ) from None
    return sorted(path for path in target.rglob("*") if path.is_file())


def _fill_course(target: Path, access: FileAccess) -> None:
    """Write a course's files into a new or empty directory. If that fails, nothing of them is left."""
    is_new = not target.exists()
    target.mkdir(parents=True, exist_ok=True)
    try:
        if stat.S_IMODE(target.stat().st_mode) != access.folder_mode:
            target.chmod(access.folder_mode)
        # Inside the directory, because that gives the files its group.
        with tempfile.TemporaryDirectory(dir=target, prefix=".new-") as folder:
            temporary = Path(folder).resolve()
            temporary.chmod(access.folder_mode)
            for name, template in COURSE_TEMPLATES.items():
                _write_new_file(temporary / name, _read_template(template))
            build(load_course(temporary))
            for path in sorted(temporary.iterdir()):
                os.replace(path, target / path.name)
    except BaseException:
        if is_new:
            target.rmdir()
        raise
    _write_new_file(target / "student" / "nbgrader_config.py", student_config(load_course(target)))


def add_exercise(course: Course, function: str) -> tuple[str, list[Path]]:
    """Copy the exercise template to ``exercises/<function>/`` and append its assignment to course.yml.

    Returns the name of the assignment and the files written. Raises `InitError` if the name cannot be used.
    """
    if not (function.isidentifier() and function.isascii()) or keyword.iskeyword(function):
        raise InitError(
            f"{function!r} cannot name a function. Use lowercase letters, digits and _, such as layer_norm."
        )
    folder = course.root / "exercises" / function
    if folder.exists() or function in catalogue.load_exercises(course.root):
        raise InitError(f"The exercise {function} already exists. Choose another name.")
    assignment = f"{_next_number(course)}-{function.replace('_', '-')}"
    for name, template in EXERCISE_TEMPLATES.items():
        text = _read_template(template).replace("my_function", function).replace("7-mine", assignment)
        _write_new_file(folder / name, text)
    course_file = course.root / COURSE_FILE
    course_yml = _append_lesson(course_file.read_text(encoding="utf-8"), assignment)
    course_file.write_text(course_yml, encoding="utf-8", newline="\n")
    return assignment, [course_file, *(folder / name for name in EXERCISE_TEMPLATES)]


def _next_number(course: Course) -> int:
    numbers = [re.match(r"\d+", name) for name in catalogue.load_lessons(course.root)]
    return max((int(number[0]) for number in numbers if number), default=-1) + 1


def _append_lesson(text: str, assignment: str) -> str:
    """Return the text of course.yml with an assignment added to ``lessons``; comments and layout stay as they are."""
    settings = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(settings, yaml.MappingNode), "load_course has checked it"
    lessons = next((value for key, value in settings.value if key.value == "lessons"), None)
    # Without the key, every lesson belongs to the course.
    if lessons is None:
        return text
    end = lessons.value[-1].end_mark.index
    if lessons.flow_style:
        return f"{text[:end]}, {assignment}{text[end:]}"
    line_end = text.find("\n", end)
    end = len(text) if line_end < 0 else line_end
    return f"{text[:end]}\n{' ' * lessons.start_mark.column}- {assignment}{text[end:]}"


def _read_template(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _write_new_file(path: Path, text: str) -> None:
    """Write a file that does not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
