"""The loading rules: which notebook is read, which cells run, and how IPython's own lines are translated."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder.student_files import loading


def cell(source: object, **metadata: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def test_unmarked_code_cells_run_in_order_and_keep_their_numbers() -> None:
    notebook = {
        "cells": [
            cell("a = 1"),
            {"cell_type": "markdown", "source": "text", "metadata": {}},
            cell("plot()", tags=["illustration"]),
            cell(["b = 2\n", "c = 3"]),
        ]
    }
    assert loading.runnable_cells(notebook) == [("code cell 1", "a = 1"), ("code cell 3", "b = 2\nc = 3")]


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"cell_type": "code"},
        {"cell_type": "code", "metadata": 3},
        {"cell_type": "code", "metadata": {"tags": "x"}},
        "x",
        3,
        None,
    ],
)
def test_odd_cells_do_not_stop_the_others(odd: object) -> None:
    assert [source for _, source in loading.runnable_cells({"cells": [odd, cell("a = 1")]})][-1] == "a = 1"


@pytest.mark.parametrize(
    "source",
    [
        "%matplotlib inline\na = 1",
        "  %config InlineBackend.figure_format = 'svg'\na = 1",
        "%load_ext autoreload\n%autoreload 2\na = 1",
        "a = 1\nnp.dot?",
        "?print\na = 1",
        "print??\na = 1",
        "%time a = 1",
        "%%time\na = 1",
        "%%capture out\na = 1",
        "if True:\n    %matplotlib inline\n    a = 1",
    ],
)
def test_harmless_magics_and_help_lines_are_skipped(source: str) -> None:
    names: dict[str, object] = {}
    exec(loading.as_python(source.lstrip() if source.startswith("  ") else source), names)
    assert names["a"] == 1


@pytest.mark.parametrize(
    "source",
    [
        "!ls",
        "files = !ls",
        "%run other.py",
        "%%bash\nls",
        "%%javascript\nalert(1)",
        "!!ls",
        "if True:\n    !ls",
        "%cd /tmp",
    ],
)
def test_shell_commands_and_other_magics_raise_an_explanation(source: str) -> None:
    with pytest.raises(RuntimeError, match=r"plain Python.*remove the line"):
        exec(loading.as_python(source), {})


@pytest.mark.parametrize("source", ["x = (7\n % 4)", "text = '''\n%run\n!ls\n'''", "def f():\n    return 5 % 3"])
def test_plain_python_is_not_translated(source: str) -> None:
    assert loading.as_python(source) == source


def test_a_syntax_error_stays_on_its_line() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(loading.as_python("a = 1\ndef f(:\n    pass"), "cell", "exec")
    assert caught.value.lineno == 2


@pytest.mark.parametrize("data", [b"", b"  ", b"{", b"[]", b"{}", b'{"cells": {}}', b"\xff\xfe\x00", b"[" * 50_000])
def test_a_file_that_is_no_notebook_is_reported_with_what_to_do(data: bytes) -> None:
    with pytest.raises(loading.UnreadableNotebookError, match=r"\. Open it in JupyterLab"):
        loading.parse_notebook(data)


def test_a_byte_order_mark_is_accepted() -> None:
    assert loading.parse_notebook(b"\xef\xbb\xbf" + json.dumps({"cells": []}).encode()) == {"cells": []}


def test_worksheets_of_older_formats_are_read() -> None:
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}, {"cells": [cell("c = 3")]}]
    notebook = loading.parse_notebook(json.dumps({"worksheets": sheets, "nbformat": 3}).encode())
    assert loading.runnable_cells(notebook) == [("code cell 1", "a = 1\nb = 2"), ("code cell 2", "c = 3")]


@pytest.mark.parametrize(
    ("names", "chosen", "others"),
    [
        (["a.ipynb", "b.ipynb"], "a.ipynb", ["b.ipynb"]),
        (["b.ipynb", "._b.ipynb", "second.ipynb"], "b.ipynb", []),
        (["b.ipynb", "c.ipynb"], None, ["b.ipynb", "c.ipynb"]),
        (["second.ipynb"], None, []),
        ([], None, []),
    ],
)
def test_the_only_notebook_of_another_name_is_chosen(
    tmp_path: Path, names: list[str], chosen: str | None, others: list[str]
) -> None:
    for name in names:
        (tmp_path / name).touch()
    path, unread = loading.find_notebook(tmp_path, "a.ipynb", ["second.ipynb"])
    assert (path.name if path else None, [other.name for other in unread]) == (chosen, others)


def test_code_above_the_limit_is_not_read() -> None:
    with pytest.raises(loading.UnreadableNotebookError, match="longer than 1 MB"):
        loading.runnable_cells({"cells": [cell("#" * (loading.MAX_CODE_CHARACTERS + 1))]})


def test_a_cell_that_raises_is_reported_and_does_not_stop_the_next() -> None:
    module = ModuleType(loading.SUBMISSION_MODULE)
    cells = [("code cell 1", "x = 1\n1 / 0"), ("code cell 2", "print('hello'); y = display(x)")]
    problems = loading.run_cells(cells, module)
    assert problems == [(cells[0][1], "code cell 1, line 2 raised ZeroDivisionError: division by zero")]
    assert (module.x, module.y) == (1, None)


def test_patched_entries_are_restored_even_after_an_exception() -> None:
    mapping = {"kept": 1}
    with contextlib.suppress(ValueError), loading.patched(mapping, {"kept": 2, "new": 3}):
        assert mapping == {"kept": 2, "new": 3}
        raise ValueError
    assert mapping == {"kept": 1}


def test_silenced_code_prints_nothing_and_gets_no_input(capsys: pytest.CaptureFixture[str]) -> None:
    with loading.silenced():
        print("hello")
        print("hello", file=sys.stderr)
        with pytest.raises(EOFError):
            input()
    assert capsys.readouterr() == ("", "")
