"""The one loading rule: which cells run, in which order, and what becomes of lines that only IPython understands."""

from __future__ import annotations

import json

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
def test_odd_cells_do_no_harm(odd: object) -> None:
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
def test_harmless_magics_and_questions_pass(source: str) -> None:
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
def test_shell_commands_and_other_magics_are_refused_with_a_sentence(source: str) -> None:
    with pytest.raises(RuntimeError, match=r"plain Python.*remove the line"):
        exec(loading.as_python(source), {})


@pytest.mark.parametrize("source", ["x = (7\n % 4)", "text = '''\n%run\n!ls\n'''", "def f():\n    return 5 % 3"])
def test_plain_python_comes_back_untouched(source: str) -> None:
    assert loading.as_python(source) == source


def test_a_syntax_error_stays_one_on_its_own_line() -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(loading.as_python("a = 1\ndef f(:\n    pass"), "cell", "exec")
    assert caught.value.lineno == 2


@pytest.mark.parametrize("data", [b"", b"  ", b"{", b"[]", b"{}", b'{"cells": {}}', b"\xff\xfe\x00", b"[" * 50_000])
def test_what_is_no_notebook_is_said_in_two_sentences(data: bytes) -> None:
    with pytest.raises(loading.UnreadableNotebookError, match=r"\. Open it in JupyterLab"):
        loading.parse_notebook(data)


def test_a_byte_order_mark_is_forgiven() -> None:
    assert loading.parse_notebook(b"\xef\xbb\xbf" + json.dumps({"cells": []}).encode()) == {"cells": []}
