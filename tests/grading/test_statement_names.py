"""The names that a cell binds, reads and imports are found in its text."""

from __future__ import annotations

import pytest

from autograder.grading.statement_names import Cell, changed_names, names_bound_to, names_needed


def cells(*sources: str) -> list[Cell]:
    return [Cell(f"code cell {number}", source) for number, source in enumerate(sources, start=1)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(x): y = 1", {"f"}),
        ("async def f(): pass\nclass C:\n    a = 1", {"f", "C"}),
        ("a = b, c = 1, 2\nd: int = 3\ne += 1", {"a", "b", "c", "d", "e"}),
        ("import numpy as np, os.path\nfrom math import exp as e", {"np", "os", "e"}),
        ("from math import *", set()),
        ("for i in range(3):\n    with open(i) as f: pass", {"i", "f"}),
        ("def f():\n    global cache\n    cache = 1", {"f", "cache"}),
        ("np.exp = 1\ntable['x'][0] = 2\ndel gone", {"np", "table", "gone"}),
        ("def f(out):\n    out[0] = 1", {"f"}),
        ("[y for y in x if (z := y)]\nlambda q: (w := q)", {"z"}),
        ("if (n := 3): pass\nmatch n:\n    case [a, *b]: pass", {"n", "a", "b"}),
        ("def f(:\nclass C\nx = 1\ny == 2", {"f", "C", "x"}),
        ("return 1", set()),
        ("", set()),
        ("\0", set()),
    ],
    ids=[
        "function",
        "async and class",
        "targets",
        "imports",
        "star import",
        "loop and with",
        "global",
        "attributes and items",
        "items of an argument",
        "walrus",
        "match",
        "syntax errors",
        "return outside of a function",
        "empty",
        "null",
    ],
)
def test_a_cell_binds_what_running_it_would_bind(source: str, names: set[str]) -> None:
    assert Cell("", source).binds == names


def test_a_cell_reads_global_names_inside_of_functions_too() -> None:
    source = "def f(x=a):\n    y = x\n    return [np.exp(y) + helper(i) for i in x]"
    assert Cell("", source).reads == {"a", "np", "helper"}


def test_what_a_function_needs_includes_what_its_helpers_need() -> None:
    found = cells("import numpy as np", "def g(x): return np.exp(x)", "def f(x): return g(x)\nf(data)", "other = z")
    assert names_needed("f", found) == {"f", "g", "np"}


def test_helpers_that_need_each_other_are_no_endless_loop() -> None:
    assert names_needed("f", cells("def f(): g()", "def g(): f()")) == {"f", "g"}


def test_an_import_that_was_made_before_changes_no_name() -> None:
    before = cells("import numpy as np\nfrom math import exp, pi")
    assert changed_names(Cell("", "import numpy as np\nfrom math import pi as exp\nx = 1"), before) == {"exp", "x"}
    assert changed_names(Cell("", "import numpy as np\nnp = 3"), before) == {"np"}


def test_names_of_a_module_are_those_that_its_imports_bind() -> None:
    found = cells(
        "import scipy.special\nfrom scipy import stats as s", "import torch as t, numpy", "from torch import *"
    )
    assert names_bound_to({"scipy"}, found) == {"scipy", "s"}
    assert names_bound_to({"torch"}, found) == {"t", "*"}
