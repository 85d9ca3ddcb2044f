"""The loading rules: which notebook is read, which cells run, and how IPython's own lines are translated."""

from __future__ import annotations

import contextlib
import json
import re
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
    assert list(loading.read_code(notebook).sources) == [("code cell 1", "a = 1"), ("code cell 3", "b = 2\nc = 3")]


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
    assert [source for _, source in loading.read_code({"cells": [odd, cell("a = 1")]}).sources][-1] == "a = 1"


# Which cells run, and which of several definitions counts.

ANSWER = "def f(x): return helper(x)"
HELPER = "def helper(x): return x"
STUB = 'def f(x):\n    """Say it."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
ILLUSTRATION = cell("helper = 1\ndraw()", tags=["illustration"])
UNCHANGED = loading.illustration_hashes({"cells": [ILLUSTRATION]})


def labels(*cells: dict[str, object], illustrations: object = UNCHANGED) -> list[str]:
    return [label for label, _ in loading.read_code({"cells": cells}, illustrations).sources]


def test_an_illustration_runs_if_a_running_cell_needs_a_name_that_it_binds() -> None:
    assert labels(ILLUSTRATION, cell("def f(x): return x")) == ["code cell 2"]
    assert labels(ILLUSTRATION, cell(ANSWER)) == ["code cell 1", "code cell 2"]


def test_an_illustration_does_not_run_for_a_name_that_another_cell_binds() -> None:
    assert labels(ILLUSTRATION, cell(ANSWER), cell(HELPER)) == ["code cell 2", "code cell 3"]


def test_what_a_needed_illustration_needs_runs_as_well() -> None:
    second = cell("def deeper(x): return helper(x)", tags=["illustration"])
    cells = [ILLUSTRATION, second, cell("def f(x): return deeper(x)")]
    assert labels(*cells, illustrations=None) == ["code cell 1", "code cell 2", "code cell 3"]


def test_a_changed_illustration_runs() -> None:
    assert labels(cell("helper = 1", tags=["illustration"]), cell("a = 1")) == ["code cell 1", "code cell 2"]


def test_white_space_at_the_ends_of_lines_does_not_change_an_illustration() -> None:
    assert labels(cell("helper = 1  \r\ndraw()\n\n", tags=["illustration"])) == []


def test_a_cell_for_an_answer_is_no_illustration_whatever_its_tag() -> None:
    answer = cell(HELPER, tags=["illustration"], nbgrader={"solution": True})
    assert labels(answer, illustrations=loading.illustration_hashes({"cells": [answer]})) == ["code cell 1"]


@pytest.mark.parametrize("cells", [(cell("def f(x): return 1"), cell(STUB)), (cell(STUB), cell("f = len"))])
def test_a_stub_does_not_replace_a_function_that_is_written_elsewhere(cells: tuple[dict[str, object], ...]) -> None:
    code = loading.read_code({"cells": cells})
    assert [source.count("NotImplementedError") for _, source in code.sources] == [0, 0]
    assert [note.startswith("The f in code cell ") and "is still empty" in note for note in code.notes] == [True]


def test_a_removed_stub_leaves_the_other_lines_where_they_are() -> None:
    code = loading.read_code({"cells": [cell(f"a = 1\n{STUB}\nb = 1 / 0"), cell("def f(x): return 1")]})
    assert code.sources[0][1] == "a = 1\n\n\n\n\nb = 1 / 0"


def test_stubs_stay_where_the_function_is_written_nowhere() -> None:
    code = loading.read_code({"cells": [cell(STUB), cell(STUB)]})
    assert [source for _, source in code.sources] == [STUB, STUB]


def test_a_second_definition_counts_and_is_noted() -> None:
    code = loading.read_code({"cells": [cell("def f(x): return 1"), cell("def f(x): return 2")]})
    assert [source for _, source in code.sources] == ["def f(x): return 1", "def f(x): return 2"]
    assert code.notes == ("f is defined in code cell 1 and again in code cell 2. Please keep one of them.",)


def test_an_experiment_below_the_answer_does_not_replace_it() -> None:
    scratch = cell("def f(x): return 2\nf(1)", tags=["illustration"])
    code = loading.read_code({"cells": [cell("def f(x): return 1"), scratch]}, UNCHANGED)
    assert code.sources == (("code cell 1", "def f(x): return 1"), ("code cell 2", "\nf(1)"))
    assert code.notes == ("The f in code cell 2 is only an experiment: the one in code cell 1 counts.",)


def test_an_answer_in_an_illustration_counts_where_the_answer_is_a_stub() -> None:
    scratch = cell("def f(x): return 2", tags=["illustration"])
    code = loading.read_code({"cells": [cell(STUB), scratch]}, UNCHANGED)
    assert code.sources[1][1] == "def f(x): return 2"
    assert "NotImplementedError" not in code.sources[0][1]


def test_lines_that_do_nothing_are_noted_with_their_cell() -> None:
    code = loading.read_code({"cells": [cell("%pip install tqdm\na = 1"), cell("%matplotlib inline\n!ls\nb = 2")]})
    assert code.notes == ("In grading, this does nothing: %pip install tqdm (code cell 1), !ls (code cell 2).",)


def test_of_many_lines_that_do_nothing_a_few_are_noted() -> None:
    code = loading.read_code({"cells": [cell("!ls\n" * 9)]})
    assert code.notes[0].endswith(" and 4 more.")


def test_the_translation_of_a_whole_notebook_is_bounded() -> None:
    long_cell = cell("%time x = 1" + " " * 49_000)
    sources = [source for _, source in loading.read_code({"cells": [long_cell] * 3}).sources]
    assert [source.startswith("%time") for source in sources] == [False, False, True]


def test_a_script_is_read_by_the_same_rules() -> None:
    code = loading.read_script(f"def f(x): return 1\n# In[3]:\nget_ipython().system('ls')\n{STUB}\n")
    assert code.sources == (("the file", "def f(x): return 1\n# In[3]:\npass\n\n\n\n\n"),)
    assert code.notes[0] == "In grading, this does nothing: !ls (the file)."


def test_drawing_functions_can_be_used_in_a_with_statement() -> None:
    plots = loading.SilentModule("plots")
    with plots.once_written():
        raise NotImplementedError
    assert plots.heat(1) is not None


@pytest.mark.parametrize("data", [b"", b"  ", b"{", b"[]", b"{}", b'{"cells": {}}', b"\xff\xfe\x00", b"[" * 50_000])
def test_a_file_that_is_no_notebook_is_reported_with_what_to_do(data: bytes) -> None:
    with pytest.raises(loading.UnreadableNotebookError, match=r"\. Open it in JupyterLab"):
        loading.parse_notebook(data)


def test_a_byte_order_mark_is_accepted() -> None:
    assert loading.parse_notebook(b"\xef\xbb\xbf" + json.dumps({"cells": []}).encode()) == {"cells": []}


def test_worksheets_of_older_formats_are_read() -> None:
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}, {"cells": [cell("c = 3")]}]
    notebook = loading.parse_notebook(json.dumps({"worksheets": sheets, "nbformat": 3}).encode())
    assert list(loading.read_code(notebook).sources) == [("code cell 1", "a = 1\nb = 2"), ("code cell 2", "c = 3")]


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
        loading.read_code({"cells": [cell("#" * (loading.MAX_CODE_CHARACTERS + 1))]})


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
