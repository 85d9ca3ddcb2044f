"""Imports point one way: each layer may import only what is named here, and only from layers below its own.

The tests have the same folders: a module with logic has a test of its name.
"""

from __future__ import annotations

import ast
import re
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "autograder"
MAX_TEST_NAME = 70  # characters after test_
STANDARD = set(sys.stdlib_module_names)

# A layer is a module or a folder directly below autograder/; the order is that of the tree in CONTRIBUTING.md.
# A set says what it may import besides errors; None stands for every layer below.
LAYERS: dict[str, set[str] | None] = {
    "__main__": None,
    "cli": None,
    "commands": None,
    "demo": None,
    "reports": None,
    "authoring": None,
    "bridge": {"nbgrader_plugin"},
    "batch": None,
    "nbgrader_plugin": None,
    "grading": {"diagnosis", "submission", "judging", "sandbox", "student_files", "exercise", "verdict"},
    "diagnosis": {"judging", "sandbox", "student_files", "exercise", "verdict"},
    "history": {"course", "gradebook", "formatting", "verdict"},
    "lms": set(),
    "feedback": {"gradebook", "formatting", "verdict"},
    "submission": {"student_files", "formatting", "verdict"},
    "judging": {"sandbox", "student_files", "exercise", "verdict", "contract"},
    "course": {"sandbox", "exercise", "contract"},
    "gradebook": {"verdict"},
    "exercises": {"exercise", "contract"},
    "sandbox": set(),
    "student_files": set(),
    "formatting": {"verdict"},
    "exercise": {"contract"},
    "verdict": set(),
    "contract": set(),
    "errors": set(),
}
MAY_IMPORT_NBGRADER = {"batch", "nbgrader_plugin", "history", "feedback", "gradebook"}
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


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def modules() -> list[Path]:
    """Our modules: the lessons are notebooks; the demo's answers and the correct alternatives are texts."""
    texts = {*PACKAGE.rglob("lesson.py"), *PACKAGE.rglob("answers/*.py"), *PACKAGE.rglob("correct/*.py")}
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path not in texts and layer(path) != "__init__"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_layers_below_its_own(path: Path) -> None:
    order = list(LAYERS)
    below = set(order[order.index(layer(path)) :])
    allowed = LAYERS[layer(path)]
    imported = {name.split(".")[1] for name in imports(path) if name.startswith("autograder.")}
    assert imported <= (below if allowed is None else below & {layer(path), "errors", *allowed})


def test_contributing_draws_the_layers_in_their_order() -> None:
    text = (PACKAGE.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tree = text.split("```text\n")[2].split("```")[0]
    assert re.findall(r"^  (\w+)(?:/|\.py) ", tree, re.MULTILINE) == [name for name in LAYERS if name != "__main__"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_layers_around_the_gradebook_import_nbgrader(path: Path) -> None:
    if layer(path) not in MAY_IMPORT_NBGRADER:
        assert not {name for name in imports(path) if name.split(".")[0] in ("nbgrader", "nbconvert")}


def test_code_inside_the_sandbox_imports_only_stdlib_numpy_and_ipython() -> None:
    inside = [path for path in (PACKAGE / "sandbox" / "inside").glob("*.py") if path.stem != "__init__"]
    neighbours = {path.stem for path in inside}
    for path in inside:
        # Type checkers see the package's own names; the fork server finds its neighbours beside it.
        found = {name for name in imports(path) if not name.startswith("autograder.sandbox.inside")}
        allowed = {"IPython"} if path.stem == "ipython_shell" else {"numpy"}
        assert not {module.split(".")[0] for module in found} - STANDARD - allowed - neighbours, path.name


def test_student_files_import_nothing_of_ours() -> None:
    ours = {path.stem for path in (PACKAGE / "student_files").glob("*.py")}
    for path in (PACKAGE / "student_files").glob("*.py"):
        # In the package, they import each other by the package's name.
        found = {name for name in imports(path) if not name.startswith("autograder.student_files")}
        outside = {module.split(".")[0] for module in found} - STANDARD - STUDENT_FILES - ours
        assert not outside, path.name


def test_no_code_of_a_submission_runs_outside_the_sandbox() -> None:
    for folder in ("judging", "grading", "submission", "diagnosis"):
        for path in (PACKAGE / folder).glob("*.py"):
            called = {
                node.func.id
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            }
            assert not called & {"exec", "eval", "compile", "__import__"}, path.name


# Modules without a test of their name, and where they are tested.
TESTED_TOGETHER = {
    "exercises/correct_functions.py": "tests/exercises/test_exercises.py judges every misconception made from them",
    "exercises/*/*.py": "tests/exercises/test_exercises.py and test_lessons.py test all exercises alike",
}


def has_logic(path: Path) -> bool:
    """Whether a module defines a function; others are only data, names or a call."""
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def with_own_test() -> list[Path]:
    """Modules with logic, except those that are tested together."""
    names = {path: str(path.relative_to(PACKAGE)) for path in modules() if has_logic(path)}
    return [path for path, name in names.items() if not any(fnmatch(name, pattern) for pattern in TESTED_TOGETHER)]


@pytest.mark.parametrize("path", with_own_test(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_with_logic_has_a_test_of_its_name(path: Path) -> None:
    test = Path("tests", path.relative_to(PACKAGE).with_name(f"test_{path.name}"))
    assert (PACKAGE.parent / test).is_file(), f"Add {test}, or name the tests of {path.name} in TESTED_TOGETHER."


def test_names_of_tests_are_short_sentences() -> None:
    tests = Path(__file__).parent.rglob("test_*.py")
    names = [name for path in tests for name in re.findall(r"^ *def test_(\w+)", path.read_text(), re.MULTILINE)]
    assert [name for name in names if len(name) > MAX_TEST_NAME] == []
