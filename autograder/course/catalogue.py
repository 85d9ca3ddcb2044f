"""Find the lessons and exercises of a course: its own ``exercises/`` folder first, then the package's.

A lesson is a folder with ``lesson.py``, the source of one notebook; its header names the assignment. A folder that also
has an exercise definition, ``exercise.py``, is named after the function that students write.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import yaml

import autograder
from autograder.errors import AutograderError, did_you_mean
from autograder.exercise import Exercise

PACKAGED = Path(autograder.__file__).parent / "exercises"
_MANUALLY_GRADED = re.compile(r'^# %%.* (?:written|reply)="([^"]+)"', re.MULTILINE)


class CatalogueError(AutograderError):
    """Raised if an exercise does not exist, or if its folder cannot be used."""


@dataclass(frozen=True)
class Lesson:
    """The source of one notebook, and the exercise in it if there is one."""

    assignment: str
    source: Path
    exercise: Exercise | None

    def manually_graded_cells(self) -> list[str]:
        """Return the names of the cells that course.yml may give points: written answers and replies."""
        return _MANUALLY_GRADED.findall(self.source.read_text(encoding="utf-8"))


def load_exercises(course_root: Path | None = None) -> dict[str, Exercise]:
    """Return every exercise by the name of its function. Raises `CatalogueError` if one cannot be loaded."""
    return {name: _load_definition(folder) for name, folder in _exercise_folders(course_root).items()}


def load_exercise(function: str, course_root: Path | None = None) -> Exercise:
    """Return the exercise for a function. Raises `CatalogueError`, with the nearest name, if there is none."""
    folders = _exercise_folders(course_root)
    if function not in folders:
        raise CatalogueError(f"There is no exercise {function!r}. {did_you_mean(function, sorted(folders))}")
    return _load_definition(folders[function])


def exercise_fingerprint(function: str, course_root: Path | None = None) -> str:
    """Return a checksum of the files that define an exercise. It changes when the exercise does."""
    digest = hashlib.sha256()
    for path in sorted(_exercise_folders(course_root)[function].glob("*.py")):
        # The lesson's text takes no part in judging.
        if path.name != "lesson.py":
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def load_lessons(course_root: Path | None = None) -> dict[str, Lesson]:
    """Return every lesson by the name of its assignment, sorted by that name."""
    lessons = [_load_lesson(folder) for folder in _folders(course_root) if (folder / "lesson.py").is_file()]
    return {lesson.assignment: lesson for lesson in sorted(lessons, key=lambda lesson: lesson.assignment)}


def _load_lesson(folder: Path) -> Lesson:
    source = folder / "lesson.py"
    exercise = _load_definition(folder) if (folder / "exercise.py").is_file() else None
    return Lesson(_assignment_name(source), source, exercise)


def _exercise_folders(course_root: Path | None) -> dict[str, Path]:
    return {folder.name: folder for folder in _folders(course_root) if (folder / "exercise.py").is_file()}


def _folders(course_root: Path | None) -> Iterator[Path]:
    """Yield the folders of exercises and lessons; a course's folder replaces the package's of the same name."""
    roots = [PACKAGED, course_root / "exercises"] if course_root else [PACKAGED]
    folders = {}
    for root in roots:
        for folder in sorted(root.iterdir()) if root.is_dir() else ():
            if folder.is_dir() and not folder.name.startswith(("_", ".")):
                folders[folder.name] = folder
    yield from folders.values()


def _load_definition(folder: Path) -> Exercise:
    """Return the ``EXERCISE`` that a folder's ``exercise.py`` defines."""
    path = folder / "exercise.py"
    exercise = getattr(_import_definition(path), "EXERCISE", None)
    if not isinstance(exercise, Exercise):
        raise CatalogueError(f"{path} defines no EXERCISE. End it with EXERCISE = Exercise(function=..., ...).")
    if exercise.function != folder.name:
        raise CatalogueError(
            f"{path} defines the exercise {exercise.function}, but its folder is {folder.name}. Rename one of them."
        )
    return exercise


def _import_definition(path: Path) -> ModuleType:
    folder = path.parent
    is_packaged = folder.parent == PACKAGED
    name = f"autograder.exercises.{folder.name}.exercise" if is_packaged else f"course_exercises.{folder.name}"
    module = sys.modules.get(name)
    if module is not None and module.__file__ == str(path):
        return module
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Registered before it runs, because dataclasses look up their module.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise CatalogueError(f"{path} cannot be loaded: {type(error).__name__}: {error}. Fix it first.") from error
    return module


def _assignment_name(source: Path) -> str:
    """Return the assignment that the YAML header of a lesson source names."""
    lines = source.read_text(encoding="utf-8").split("\n")
    end = lines.index("# ---", 1) if lines[0] == "# ---" and "# ---" in lines[1:] else 1
    header = yaml.safe_load("\n".join(line[2:] for line in lines[1:end])) or {}
    try:
        return str(header["jupyter"]["autograder"]["assignment"])
    except (KeyError, TypeError):
        example = "jupyter: {autograder: {assignment: 7-mine}}"
        raise CatalogueError(f"{source} names no assignment. Begin it with a header: {example}.") from None
