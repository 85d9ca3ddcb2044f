"""A cell is cut off below a function, and other functions below it are kept."""

from __future__ import annotations

import pytest

from autograder.grading.cut_cell import up_to_definition


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("def f(): pass\nwhile True: pass", "def f(): pass"),
        ("x = 1\nf = len; exit()", "x = 1\nf = len"),
        ("def f(): pass\ndef f(): pass\nf()", "def f(): pass\ndef f(): pass"),
        ("def f(): pass\nf()\nclass A: pass", "def f(): pass\nclass A:\n    pass"),
        ("\u00e9 = 'caf\u00e9'; f = len; exit()", "\u00e9 = 'caf\u00e9'; f = len"),
    ],
)
def test_what_comes_below_the_function_is_cut_off(source: str, kept: str) -> None:
    assert up_to_definition(source, "f") == kept


@pytest.mark.parametrize("source", ["", "def f(: pass", "g = 1\ng", "while True: pass\ndef f(): pass", "f += 1\ng"])
def test_nothing_is_left_if_nothing_comes_below_the_function(source: str) -> None:
    assert up_to_definition(source, "f") == ""
