"""The names that a cell binds and reads are found in its text."""

from __future__ import annotations

import pytest

from autograder.grading.cell_names import names_needed, names_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): y = 1", {"f"}),
        ("async def f(): pass\nclass C:\n    a = 1", {"f", "C"}),
        ("a = b, c = 1, 2\nd: int = 3\ne += 1", {"a", "b", "c", "d", "e"}),
        ("import numpy as np, os.path\nfrom math import exp as e", {"np", "os", "e"}),
        ("for i in range(3):\n    with open(i) as f: pass", {"i", "f"}),
        ("try: pass\nexcept ValueError as error: pass", {"error"}),
        ("def f():\n    global cache\n    cache = 1", {"f", "cache"}),
        ("np.exp = 1\ntable['x'][0] = 2\ndel gone", {"np", "table", "gone"}),
        ("[y for y in x if (z := y)]\nlambda q: (w := q)", {"z"}),
        ("if (n := 3): pass\nmatch n:\n    case [a, *b]: pass", {"n", "a", "b"}),
        ("def f(:\nclass C\nx = 1\ny == 2", {"f", "C", "x"}),
        ("", set()),
        ("\0", set()),
    ],
    ids=[
        "function",
        "async and class",
        "targets",
        "imports",
        "loop and with",
        "except",
        "global",
        "attributes and items",
        "walrus",
        "match",
        "syntax errors",
        "empty",
        "null",
    ],
)
def test_a_cell_binds_what_running_it_would_bind(source: str, names: set[str]) -> None:
    assert names_of(source).binds == names


def test_a_cell_reads_names_inside_of_functions_too() -> None:
    assert names_of("def f(x=a):\n    return np.exp(x) + helper(x)").reads == {"a", "np", "x", "helper"}


def test_what_a_function_needs_includes_what_its_helpers_need() -> None:
    cells = map(names_of, ["import numpy as np", "def g(x): return np.exp(x)", "def f(x): return g(x)", "other = z"])
    assert names_needed("f", list(cells)) == {"f", "g", "np", "x"}


def test_helpers_that_need_each_other_are_no_endless_loop() -> None:
    assert names_needed("f", [names_of("def f(): g()"), names_of("def g(): f()")]) == {"f", "g"}
