"""The loading rules: which notebook is read, and how its cells run."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder.student_files import loading


@pytest.mark.parametrize("data", [b"", b"  ", b"{", b"[]", b"{}", b'{"cells": {}}', b"\xff\xfe\x00", b"[" * 50_000])
def test_a_file_that_is_no_notebook_is_reported_with_what_to_do(data: bytes) -> None:
    with pytest.raises(loading.UnreadableNotebookError, match=r"\. Open it in JupyterLab"):
        loading.parse_notebook(data)


def test_a_byte_order_mark_is_accepted() -> None:
    assert loading.parse_notebook(b"\xef\xbb\xbf" + json.dumps({"cells": []}).encode()) == {"cells": []}


@pytest.mark.parametrize(
    ("names", "chosen", "others"),
    [
        (["a.ipynb", "b.ipynb"], "a.ipynb", ["b.ipynb"]),
        (["b.ipynb", "._b.ipynb"], "b.ipynb", []),
        (["b.ipynb", "c.ipynb"], None, ["b.ipynb", "c.ipynb"]),
        ([], None, []),
    ],
)
def test_the_only_notebook_of_another_name_is_chosen(
    tmp_path: Path, names: list[str], chosen: str | None, others: list[str]
) -> None:
    for name in names:
        (tmp_path / name).touch()
    path, unread = loading.find_notebook(tmp_path, "a.ipynb")
    assert (path.name if path else None, [other.name for other in unread]) == (chosen, others)


def test_a_cell_that_raises_is_reported_and_does_not_stop_the_next() -> None:
    module = ModuleType(loading.SUBMISSION_MODULE)
    cells = [("code cell 1", "x = 1\n1 / 0"), ("code cell 2", "print('hello'); y = display(x)")]
    problems, notes = loading.run_cells(cells, module)
    text = "code cell 1, line 2 raised ZeroDivisionError: division by zero"
    assert (problems, notes) == ([loading.CellProblem(cells[0][1], text)], [])
    assert (module.x, module.y) == (1, None)


def test_a_cell_that_grading_would_stop_is_noted() -> None:
    _, notes = loading.run_cells([("code cell 1", "x = 1")], ModuleType(loading.SUBMISSION_MODULE), seconds=0.0)
    assert re.fullmatch(r"Running code cell 1 took .* s here\. In grading, it is stopped after 0 s\.", *notes)


def test_drawing_functions_can_be_used_in_a_with_statement() -> None:
    plots = loading.SilentModule("plots")
    with plots.once_written():
        raise NotImplementedError
    assert plots.heat(1) is not None


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
