"""Imports point one way: a room may know only the rooms named here."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "autograder"
STANDARD = set(sys.stdlib_module_names)

# room -> the rooms of ours that it may import; a room is a module or a folder directly below autograder/.
ALLOWED = {
    "errors": set(),
    "contract": set(),
    "exercise": {"contract"},
    "exercises": {"contract", "exercise"},
    "catalogue": {"exercise"},
    "verdict": set(),
    "released": set(),
    "sandbox": set(),
    "judge": {"exercise", "verdict", "released", "sandbox"},
    "submission": {"rebuild", "released", "verdict"},
    "rebuild": {"released"},
    "estimating": {"exercise"},
    "explaining": {"estimating", "exercise", "judge", "released", "sandbox", "verdict"},
    "grading": {"exercise", "explaining", "judge", "sandbox", "submission", "verdict"},
    "seeds": set(),
    "late": set(),
    "course_file": set(),
    "course": {"catalogue", "contract", "course_file", "exercise", "late", "sandbox"},
    "show": {"verdict"},
}
EDGE = {"authoring", "bridge", "cli", "demo", "doctor", "office_hour", "__main__", "__init__"}
STUDENT_FILES = {"numpy", "matplotlib", "pytest", "IPython"}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def files(*skip: str) -> list[Path]:
    """Our modules: the lessons are notebooks; the demo's answers and the right alternatives are texts."""
    texts = {*PACKAGE.rglob("lesson.py"), *PACKAGE.rglob("answers/*.py"), *PACKAGE.rglob("right/*.py")}
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path not in texts and room(path) not in skip]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_that_it_may_know(path: Path) -> None:
    here = room(path)
    assert here in ALLOWED or here in EDGE, f"{here} is a new room: say in ALLOWED what it may know"
    if here in EDGE:
        return
    known = {name.split(".")[1] for name in imports(path) if name.startswith("autograder.")}
    assert known <= ALLOWED[here] | {here, "errors"}


@pytest.mark.parametrize("path", files("bridge"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_bridge_imports_nbgrader(path: Path) -> None:
    assert not {name for name in imports(path) if name.split(".")[0] in ("nbgrader", "nbconvert")}


def test_the_students_side_of_the_sandbox_imports_only_the_standard_library_numpy_and_ipython() -> None:
    names = {"zygote", "child", "cells", "shell", "steady", "confine", "filters", "wire"}
    for name in names:
        found = imports(PACKAGE / "sandbox" / f"{name}.py")
        # Types are checked against the package's own files, which a zygote finds beside it when it runs.
        found -= {f"autograder.sandbox.{other}" for other in names}
        allowed = {"IPython"} if name == "shell" else {"numpy"}
        outside = {module.split(".")[0] for module in found} - STANDARD - allowed - names
        assert not {module for module in outside if not module.startswith("autograder")}, name
        assert not {module for module in found if module.startswith("autograder") and "sandbox." not in module}, name


def test_what_students_get_imports_nothing_of_ours() -> None:
    for path in (PACKAGE / "released").glob("*.py"):
        ours = {path.stem for path in (PACKAGE / "released").glob("*.py")}
        outside = {module.split(".")[0] for module in imports(path)} - STANDARD - STUDENT_FILES - ours
        assert not outside, path.name


def test_the_judge_never_runs_code_of_a_submission() -> None:
    for name in ("judge.py", "grading.py", "submission.py"):
        tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & {"exec", "eval", "compile", "__import__"}, name
