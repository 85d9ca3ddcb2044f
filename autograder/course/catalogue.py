"""Which lessons and exercises there are: ``exercises/`` of the course directory first, then the package's own.

A lesson is a folder with ``lesson.py``, the text master of one notebook; its header names the assignment. With
``exercise.py`` beside it, the folder is named by the function to write.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib.util
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

import autograder
from autograder.errors import AutograderError
from autograder.exercise import Exercise

PACKAGED = Path(autograder.__file__).parent / "exercises"
_HAND_GRADED = re.compile(r'^# %%.* (?:written|reply)="([^"]+)"', re.MULTILINE)


class CatalogueError(AutograderError):
    """No such exercise, or a folder that holds none; the text says what would work."""


@dataclass(frozen=True)
class Lesson:
    """One folder: a notebook's master, and the exercise in it if there is one."""

    assignment: str
    master: Path
    exercise: Exercise | None

    def hand_graded(self) -> list[str]:
        """The cells to which course.yml may give points: the master's written answers and replies."""
        return _HAND_GRADED.findall(self.master.read_text(encoding="utf-8"))


def exercises(course: Path | None = None) -> dict[str, Exercise]:
    """Every exercise by the name of its function."""
    return {folder.name: _card(folder) for folder in _folders(course) if (folder / "exercise.py").is_file()}


def exercise(function: str, course: Path | None = None) -> Exercise:
    """The exercise of that name; `CatalogueError` with the nearest names where there is none."""
    found = {folder.name: folder for folder in _folders(course) if (folder / "exercise.py").is_file()}
    if function not in found:
        near = difflib.get_close_matches(function, found, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(found))}."
        raise CatalogueError(f"There is no exercise {function!r}. {hint}")
    return _card(found[function])


def fingerprint(function: str, course: Path | None = None) -> str:
    """Of the files that make the exercise of that name: another one means another exercise."""
    folder = next(folder for folder in _folders(course) if folder.name == function)
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        if path.name != "lesson.py":  # the notebook's text, which judges nothing
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def lessons(course: Path | None = None) -> dict[str, Lesson]:
    """Every lesson by the name of its assignment, in order of the names."""
    found = {}
    for folder in _folders(course):
        master = folder / "lesson.py"
        if master.is_file():
            card = _card(folder) if (folder / "exercise.py").is_file() else None
            name = _assignment(master)
            found[name] = Lesson(name, master, card)
    return dict(sorted(found.items()))


def _folders(course: Path | None) -> list[Path]:
    """The folders, a course's own in place of the package's of the same name."""
    roots = [PACKAGED, course / "exercises"] if course else [PACKAGED]
    found = {
        folder.name: folder
        for root in roots
        if root.is_dir()
        for folder in sorted(root.iterdir())
        if folder.is_dir() and not folder.name.startswith(("_", "."))
    }
    return list(found.values())


def _card(folder: Path) -> Exercise:
    """The ``EXERCISE`` of a folder's ``exercise.py``."""
    path = folder / "exercise.py"
    inside = folder.parent == PACKAGED
    name = f"autograder.exercises.{folder.name}.exercise" if inside else f"course_exercises.{folder.name}"
    module = sys.modules.get(name)
    if module is None or module.__file__ != str(path):
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # before it runs: dataclasses look their module up
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            del sys.modules[name]
            raise CatalogueError(f"{path} cannot be loaded: {type(error).__name__}: {error}. Mend it first.") from error
    card = getattr(module, "EXERCISE", None)
    if not isinstance(card, Exercise):
        raise CatalogueError(f"{path} defines no EXERCISE. End it with EXERCISE = Exercise(function=..., ...).")
    if card.function != folder.name:
        raise CatalogueError(f"{path} is about {card.function}, but its folder is {folder.name}. Rename one of them.")
    return card


def _assignment(master: Path) -> str:
    """The assignment that a master's YAML header names."""
    lines = master.read_text(encoding="utf-8").split("\n")
    end = lines.index("# ---", 1) if lines[0] == "# ---" and "# ---" in lines[1:] else 1
    header = yaml.safe_load("\n".join(line[2:] for line in lines[1:end])) or {}
    try:
        return str(header["jupyter"]["autograder"]["assignment"])
    except (KeyError, TypeError):
        example = "jupyter: {autograder: {assignment: 7-mine}}"
        raise CatalogueError(f"{master} names no assignment. Begin it with a header: {example}.") from None
