"""Cells import submitted files, and get a stand-in for what is not installed until the function uses it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from autograder.sandbox import CallStatus, FunctionSession, LoadResult, Program, Reply
from tests.helpers.student_code import GENEROUS

pytestmark = pytest.mark.usefixtures("sandbox")


def run(source: str, files: Mapping[str, str] | None = None, missing: str = "") -> tuple[LoadResult, Reply]:
    program = Program((("the file", source),), "f", (), files or {}, frozenset(missing.split()))
    with FunctionSession(program, GENEROUS) as session:
        return session.load(), session.call((np.ones(1),), {})


@pytest.mark.parametrize(
    ("source", "files"),
    [
        ("from helper import f", {"helper": "def f(x): return 7"}),
        ("import worker, wire\nf = worker.f", {"worker": "from wire import f", "wire": "def f(x): return 7"}),
        ("from a.b.c import f", {"a.b.c": "def f(x): return 7"}),
        ("from a import f", {"a.__init__": "from .b import f", "a.b": "def f(x): return 7"}),
        ("import json, numpy as np\ndef f(x): return int(np.exp(0)) + 6", {"json": "1/0", "numpy": "1/0"}),
        ("def f(x):\n    import helper\n    return helper.y", {"helper": "y = 7"}),
    ],
)
def test_submitted_files_are_imported_but_never_instead_of_installed_ones(source: str, files: dict[str, str]) -> None:
    loaded, reply = run(source, files)
    assert loaded.errors == ()
    assert reply.result == 7


@pytest.mark.parametrize(
    "line",
    [
        "import nowhere",
        "import nowhere.deep.down as n; n.anything.at[1].all(2) + 1",
        "from nowhere import a, b\nwith a() as c: -b * 3 @ c\nlist(a), len(b), bool(c)",
        "from nowhere.sub import Base\nclass C(Base): pass\nC()",
        "import nowhere\n@nowhere.decorator(1)\ndef g(): pass\ng()",
    ],
)
def test_a_module_that_is_not_installed_does_nothing_while_cells_load(line: str) -> None:
    loaded, reply = run(f"{line}\ndef f(x): return x", missing="nowhere numpy")
    assert (loaded.errors, loaded.missing) == ((), {"nowhere"})
    assert reply.status is CallStatus.RETURNED


@pytest.mark.parametrize(
    "use",
    [
        "nowhere.a",
        "part(x)",
        "x + part",
        "part < 1",
        "float(part)",
        "bool(part)",
        "np.maximum(x, part)",
        "list(part)",
        "__import__('nowhere.other')",
        "__import__('elsewhere')",
    ],
)
def test_a_function_that_uses_it_raises_the_error_of_the_import(use: str) -> None:
    source = f"import numpy as np, nowhere\nfrom nowhere import part\ndef f(x): return {use}"
    _, reply = run(source, missing="nowhere elsewhere")
    assert reply.error is not None
    assert reply.error.type_name == "ModuleNotFoundError"


def test_exceptions_are_not_swallowed_by_a_stand_in() -> None:
    loaded, _ = run("import nowhere\nwith nowhere.x(): 1 / 0", missing="nowhere")
    assert [error.type_name for error in loaded.errors] == ["ZeroDivisionError"]


def test_a_module_that_may_not_be_replaced_raises() -> None:
    loaded, _ = run("import nowhere", missing="elsewhere")
    assert [error.type_name for error in loaded.errors] == ["ModuleNotFoundError"]
