"""The golden submissions: one folder for each kind, ``ASSIGNMENT/KIND/``, with what must become of it.

``expected.yml`` says how the submission ends. ``recipe.py`` says in its docstring what the student did, and has
``submit(folder)``, which makes the submission in an empty folder.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
ASSIGNMENTS = ("3-softmax", "6-reflection")


@dataclass(frozen=True)
class Expected:
    """What must become of a submission.

    ``score`` is what the gradebook contains, None for NULL. ``asked`` says whether an instructor is asked. ``message``
    and ``note`` are fragments of what the student reads. ``judge`` is the score that ``autograder judge`` gives to
    the file, "same" if it is ``score``, and "none" if it is not tried. ``timestamp`` is in UTC as the gradebook has it.
    ``cells`` are the scores of single cells.
    """

    status: str
    score: float | None
    asked: bool
    message: str = ""
    note: str = ""
    judge: float | str | None = "same"
    timestamp: str | None = ""
    cells: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """A kind of submission."""

    assignment: str
    name: str
    expected: Expected

    @property
    def what(self) -> str:
        """What was submitted: the first line of the recipe's docstring."""
        recipe = (FOLDER / self.assignment / self.name / "recipe.py").read_text(encoding="utf-8")
        return (ast.get_docstring(ast.parse(recipe)) or "").split("\n")[0]

    def submit(self, folder: Path) -> None:
        """Make the submission in a folder; a recipe may replace the folder by something else."""
        folder.mkdir(parents=True)
        _load(FOLDER / self.assignment / self.name / "recipe.py").submit(folder)


def kinds(assignment: str) -> Iterator[Kind]:
    """Yield the kinds of an assignment in alphabetical order."""
    for path in sorted((FOLDER / assignment).glob("*/expected.yml")):
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield Kind(assignment, path.parent.name, Expected(**values))


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("recipe", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
