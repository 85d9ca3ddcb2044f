"""An auto-graded course on attention.

The names that an exercise definition is written with can be imported from here::

    from autograder import Call, Case, Criterion, Example, Exercise, Hint, Misconception, Part, call

docs/adding-an-exercise.md says what each of them is for. A name is loaded when it is first used, so that commands which
need no exercise start without numpy. Nothing here needs nbgrader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.contract import Hint
    from autograder.exercise import Call, Case, Criterion, Example, Exercise, Misconception, Part, Program, Scored, call
    from autograder.exercises.array_layouts import by_columns, every_other, read_only

__all__ = [
    "Call",
    "Case",
    "Criterion",
    "Example",
    "Exercise",
    "Hint",
    "Misconception",
    "Part",
    "Program",
    "Scored",
    "by_columns",
    "call",
    "every_other",
    "read_only",
]
_MODULES = dict.fromkeys(("by_columns", "every_other", "read_only"), "autograder.exercises.array_layouts")
_MODULES["Hint"] = "autograder.contract"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES.get(name, "autograder.exercise")), name)
