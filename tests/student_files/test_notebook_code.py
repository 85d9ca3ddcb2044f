"""Which cells run, which of several definitions counts, and what the student reads about it."""

from __future__ import annotations

import json
from collections.abc import Collection

import pytest

from autograder.student_files import loading, notebook_code


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
    assert list(notebook_code.read_code(notebook).sources) == [
        ("code cell 1", "a = 1"),
        ("code cell 3", "b = 2\nc = 3"),
    ]


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
    assert [source for _, source in notebook_code.read_code({"cells": [odd, cell("a = 1")]}).sources][-1] == "a = 1"


def test_worksheets_of_older_formats_are_read() -> None:
    sheets = [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}, {"cells": [cell("c = 3")]}]
    notebook = loading.parse_notebook(json.dumps({"worksheets": sheets, "nbformat": 3}).encode())
    assert list(notebook_code.read_code(notebook).sources) == [
        ("code cell 1", "a = 1\nb = 2"),
        ("code cell 2", "c = 3"),
    ]


def test_code_above_the_limit_is_not_read() -> None:
    with pytest.raises(loading.UnreadableNotebookError, match="longer than 1 MB"):
        notebook_code.read_code({"cells": [cell("#" * (loading.MAX_CODE_CHARACTERS + 1))]})


ANSWER = "def f(x): return helper(x)"
HELPER = "def helper(x): return x"
STUB = 'def f(x):\n    """Say it."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
ILLUSTRATION = cell("helper = 1\ndraw()", tags=["illustration"])
UNCHANGED = notebook_code.illustration_hashes({"cells": [ILLUSTRATION]})


def labels(*cells: dict[str, object], illustrations: Collection[str] | None = UNCHANGED) -> list[str]:
    return [label for label, _ in notebook_code.read_code({"cells": cells}, illustrations).sources]


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
    assert labels(answer, illustrations=notebook_code.illustration_hashes({"cells": [answer]})) == ["code cell 1"]


@pytest.mark.parametrize("cells", [(cell("def f(x): return 1"), cell(STUB)), (cell(STUB), cell("f = len"))])
def test_a_stub_does_not_replace_a_function_that_is_written_elsewhere(cells: tuple[dict[str, object], ...]) -> None:
    code = notebook_code.read_code({"cells": cells})
    assert [source.count("NotImplementedError") for _, source in code.sources] == [0, 0]
    assert [note.startswith("The f in code cell ") and "is still empty" in note for note in code.notes] == [True]


def test_a_removed_stub_leaves_the_other_lines_where_they_are() -> None:
    code = notebook_code.read_code({"cells": [cell(f"a = 1\n{STUB}\nb = 1 / 0"), cell("def f(x): return 1")]})
    assert code.sources[0][1] == "a = 1\n\n\n\n\nb = 1 / 0"


def test_stubs_stay_where_the_function_is_written_nowhere() -> None:
    code = notebook_code.read_code({"cells": [cell(STUB), cell(STUB)]})
    assert [source for _, source in code.sources] == [STUB, STUB]


def test_a_second_definition_counts_and_is_noted() -> None:
    code = notebook_code.read_code({"cells": [cell("def f(x): return 1"), cell("def f(x): return 2")]})
    assert [source for _, source in code.sources] == ["def f(x): return 1", "def f(x): return 2"]
    assert code.notes == ("f is defined in code cell 1 and again in code cell 2. Please keep one of them.",)


def test_a_variable_above_a_function_of_its_name_is_not_noted() -> None:
    code = notebook_code.read_code({"cells": [cell("f = 3"), cell("def f(x): return f")]})
    assert code.notes == ()


def test_an_experiment_below_the_answer_does_not_replace_it() -> None:
    scratch = cell("def f(x): return 2\nf(1)", tags=["illustration"])
    code = notebook_code.read_code({"cells": [cell("def f(x): return 1"), scratch]}, UNCHANGED)
    assert code.sources == (("code cell 1", "def f(x): return 1"), ("code cell 2", "\nf(1)"))
    assert code.notes == ("The f in code cell 2 is only an experiment: the one in code cell 1 counts.",)


def test_an_answer_in_an_illustration_counts_where_the_answer_is_a_stub() -> None:
    scratch = cell("def f(x): return 2", tags=["illustration"])
    code = notebook_code.read_code({"cells": [cell(STUB), scratch]}, UNCHANGED)
    assert code.sources[1][1] == "def f(x): return 2"
    assert "NotImplementedError" not in code.sources[0][1]


def test_lines_that_do_nothing_are_noted_with_their_cell() -> None:
    code = notebook_code.read_code(
        {"cells": [cell("%pip install tqdm\na = 1"), cell("%matplotlib inline\n!ls\nb = 2")]}
    )
    assert code.notes == ("In grading, this does nothing: %pip install tqdm (code cell 1), !ls (code cell 2).",)


def test_of_many_lines_that_do_nothing_a_few_are_noted() -> None:
    code = notebook_code.read_code({"cells": [cell("!ls\n" * 9)]})
    assert code.notes[0].endswith(" and 4 more.")


def test_the_translation_of_a_whole_notebook_is_bounded() -> None:
    long_cell = cell("%time x = 1" + " " * 49_000)
    sources = [source for _, source in notebook_code.read_code({"cells": [long_cell] * 3}).sources]
    assert [source.startswith("%time") for source in sources] == [False, False, True]


def test_a_script_is_read_by_the_same_rules() -> None:
    code = notebook_code.read_script(f"def f(x): return 1\n# In[3]:\nget_ipython().system('ls')\n{STUB}\n")
    assert code.sources == (("the file", "def f(x): return 1\n# In[3]:\npass\n\n\n\n\n"),)
    assert code.notes[0] == "In grading, this does nothing: !ls (the file)."


def test_what_was_left_out_of_pasted_text_is_noted() -> None:
    code = notebook_code.read_code({"cells": [cell("```python\nx = 1\n```")]})
    assert code.notes == ("In code cell 1, the marks of a code block from pasted text were left out.",)


@pytest.mark.parametrize("test", ['__name__ == "__main__"', "__name__=='__main__'", "(__name__ == '__main__')"])
def test_a_cell_of_a_notebook_is_in_the_main_program(test: str) -> None:
    code = notebook_code.read_code({"cells": [cell(f"if {test}:\n    x = 1")]})
    assert code.sources == (("code cell 1", "if True:\n    x = 1"),)


def test_a_python_file_is_not_the_main_program() -> None:
    source = "if __name__ == '__main__':\n    x = 1"
    assert notebook_code.read_script(source).sources[0][1] == source
