"""The names of a cell are found as Python's compiler does."""

from __future__ import annotations

import pytest

from autograder.student_files import cell_names


def test_names_inside_functions_count_only_where_they_are_global() -> None:
    names = cell_names.names_of("def f(a):\n    global g\n    g = a\n    return [b + c for b in h(a)]")
    assert names.bound == {"f", "g"}
    assert names.read == {"h", "c"}


@pytest.mark.parametrize(
    "source", ["import n", "import m as n", "from m import n", "class n: pass", "for n in []: pass", "n: int = 1"]
)
def test_every_way_to_bind_a_name_is_seen(source: str) -> None:
    assert "n" in cell_names.names_of(source).bound


@pytest.mark.parametrize("source", ["def f(:", "x = \0", "(" * 10_000])
def test_a_cell_that_is_not_python_has_no_names(source: str) -> None:
    assert cell_names.names_of(source) == cell_names.CellNames()
    assert cell_names.imported_modules(source) == ([], [])


@pytest.mark.parametrize(
    ("body", "is_stub"),
    [
        ("'''Text.'''", True),
        ("pass", True),
        ("...", True),
        ("raise NotImplementedError", True),
        ("'''Text.'''\n    # YOUR CODE HERE\n    raise NotImplementedError('later')", True),
        ("return 1", False),
        ("raise ValueError", False),
        ("x = 1\n    raise NotImplementedError()", False),
    ],
)
def test_a_stub_has_no_answer_in_it(body: str, is_stub: bool) -> None:
    (definition,) = cell_names.names_of(f"def f(x):\n    {body}\n").definitions
    assert definition.is_stub is is_stub


@pytest.mark.parametrize("body", ["raise NotImplementedError()\n    return x", "y = x\n    raise NotImplementedError"])
def test_the_line_of_a_stub_beside_an_answer_is_seen(body: str) -> None:
    (definition,) = cell_names.names_of(f"def f(x):\n    {body}\n").definitions
    assert definition.has_stub_line
    (nested,) = cell_names.names_of(
        "def f(x):\n    if x:\n        raise NotImplementedError()\n    return x"
    ).definitions
    assert not nested.has_stub_line


def test_a_stub_provides_no_name() -> None:
    assert cell_names.names_of("def f(): pass\nx = 1").provided == {"x"}


def test_a_definition_is_removed_with_its_decorators() -> None:
    source = "a = 1\r\n@decorated\r\ndef f():\r\n    pass\r\nb = 2"
    stub = cell_names.names_of(source).definitions[1]
    assert cell_names.without_lines(source, [stub]) == "a = 1\n\n\n\nb = 2"


def test_imports_in_try_are_distinguished_from_others() -> None:
    source = (
        "import os.path, tqdm\nfrom . import mine\ndef f():\n    from scipy.special import softmax\n"
        "try:\n    import cupy\nexcept ImportError:\n    import numpy\nelse:\n    import jax\n"
        "try:\n    import j\nfinally: pass"
    )
    outside_of_try, anywhere = cell_names.imported_modules(source)
    assert set(outside_of_try) == {"os", "tqdm", "scipy", "numpy", "jax", "j"}
    assert set(anywhere) == {*outside_of_try, "cupy"}
    assert cell_names.imported_modules("import a\ndef f(:") == ([], [])
