"""`import autograder` gives an author of exercises exactly the documented names, and needs no nbgrader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import autograder

NAMES = {
    *("Call", "Case", "Criterion", "Example", "Exercise", "Hint", "Misconception", "Part", "Program", "Scored", "call"),
    *("by_columns", "every_other", "read_only"),
}
GUIDE = Path(__file__).parents[1] / "docs" / "adding-an-exercise.md"


def run_python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_package_exports_exactly_these_names() -> None:
    assert set(autograder.__all__) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_each_exported_name_is_in_the_guide_for_authors(name: str) -> None:
    assert f"`{name}`" in GUIDE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(NAMES - {"Program"}))  # a type alias, which can have no docstring
def test_each_exported_name_has_a_docstring(name: str) -> None:
    assert getattr(autograder, name).__doc__


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'autograder' has no attribute 'Exercize'"):
        autograder.Exercize  # noqa: B018


def test_importing_the_package_loads_neither_nbgrader_nor_numpy() -> None:
    run_python("import sys, autograder; sys.exit(bool({'nbgrader', 'numpy'} & {*sys.modules}))")


def test_the_exported_names_can_be_used_without_nbgrader() -> None:
    run_python(
        "import sys; sys.modules.update(nbgrader=None, nbconvert=None, nbformat=None)\n"
        "import autograder\n"
        "for name in autograder.__all__: getattr(autograder, name)"
    )
