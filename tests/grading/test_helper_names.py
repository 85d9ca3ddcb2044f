"""A function that a student added to a helper file of the course is noticed."""

from __future__ import annotations

import pytest

from autograder.grading.helper_names import own_names_of_helpers
from autograder.grading.statement_names import Cell

HELPERS = ("selfcheck", "plots")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("from plots import stable\ndef f(x): return stable(x)", {"plots.stable"}),
        ("from plots import stable as s\ndef g(x): return s(x)\ndef f(x): return g(x)", {"plots.stable"}),
        ("from plots import f", {"plots.f"}),
        ("from plots import bars, stable\ndef f(x): return bars(x)", set()),
        ("from plots import stable\ndef f(x): return x", set()),
        ("from helper import stable\ndef f(x): return stable(x)", set()),
        ("import plots\ndef f(x): return plots.bars(x)", set()),
    ],
)
def test_only_what_the_function_needs_and_no_helper_has_is_named(source: str, names: set[str]) -> None:
    assert own_names_of_helpers("f", [Cell("code cell 1", source)], HELPERS) == names
