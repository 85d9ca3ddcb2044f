"""A submission is restored from its release: nothing in it decides what is graded and how."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder.gradebook import verdict_table
from autograder.nbgrader_plugin.nbgrader_commands import CommandError
from autograder.verdict import Status
from tests.helpers.stock_course import RIGHT, StockCourse, cell_named, code_cell

pytestmark = pytest.mark.slow
on_sqlite = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # the database makes no difference


def answer_in_an_own_cell(notebook: dict[str, Any]) -> str:
    cells = notebook["cells"]
    cells[cells.index(cell_named(notebook, "softmax"))] = code_cell(RIGHT)
    return json.dumps(notebook)


def answer_before_the_other_cells(notebook: dict[str, Any]) -> str:
    notebook["cells"].remove(cell_named(notebook, "gap-row"))
    notebook["cells"].remove(cell_named(notebook, "softmax"))
    notebook["cells"].insert(2, code_cell(RIGHT))
    return json.dumps(notebook)


def metadata_of_another_type(notebook: dict[str, Any]) -> str:
    cell_named(notebook, "check-softmax")["metadata"]["autograder"] = 3
    notebook["cells"][0]["metadata"]["nbgrader"] = "x"
    return json.dumps(notebook)


def metadata_of_another_exercise(notebook: dict[str, Any]) -> str:
    cell_named(notebook, "check-softmax")["metadata"]["autograder"] = {"exercise": "scale_scores"}
    return json.dumps(notebook)


def notebook_format_3(notebook: dict[str, Any]) -> str:
    return str(nbformat.v3.writes_json(nbformat.v4.downgrade(nbformat.from_dict(notebook))))


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        answer_in_an_own_cell,
        answer_before_the_other_cells,
        metadata_of_another_type,
        metadata_of_another_exercise,
        notebook_format_3,
    ],
)
def test_a_right_answer_gets_full_points_however_its_notebook_looks(
    course: StockCourse, change: Callable[[dict[str, Any]], str]
) -> None:
    assert course.grade(change.__name__, "3-softmax", change(course.answered())) == {"check-softmax": (5, False)}


def test_a_manually_graded_cell_cannot_pass_for_an_exercise(course: StockCourse) -> None:
    notebook = course.notebook("6-reflection")
    cell_named(notebook, "senses")["metadata"]["autograder"] = {"exercise": "softmax"}
    cell_named(notebook, "senses")["source"] = "Two senses."
    notebook["cells"].append(code_cell(f"import numpy as np\n{RIGHT}"))
    assert course.grade("forger", "6-reflection", notebook)["senses"] == (None, True)
    assert verdict_table.load_verdicts(course.db_url, "6-reflection") == []


def test_a_copied_answer_cell_is_kept_and_stops_no_grading(course: StockCourse) -> None:
    notebook = course.notebook("6-reflection")
    copy = json.loads(json.dumps(cell_named(notebook, "senses"))) | {"id": "copy", "source": "Two more."}
    cell_named(notebook, "senses")["source"] = "Two senses."
    notebook["cells"].append(copy)
    assert course.grade("copier", "6-reflection", notebook)["senses"] == (None, True)
    assert "Two more." in course.graded_notebook("copier", "6-reflection")


@pytest.mark.parametrize("assignment", ["3-softmax", "6-reflection"])
def test_a_notebook_of_something_else_needs_manual_grading(course: StockCourse, assignment: str) -> None:
    other = {"cells": [code_cell("x = 1")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert set(course.grade("other", assignment, other).values()) == {(None, True)}
    assert assignment != "3-softmax" or course.verdict("other").status == Status.ALTERED


def test_without_its_release_a_run_says_what_to_do_and_grades_nothing(course: StockCourse) -> None:
    notebook = course.answered()
    folder = course.root / "assignments" / "3-softmax"
    folder.rename(folder.with_name("away"))
    try:
        with pytest.raises(CommandError, match="nbgrader generate_assignment 3-softmax --force"):
            course.grade("unlucky", "3-softmax", notebook)
    finally:
        folder.with_name("away").rename(folder)
    with Gradebook(course.db_url) as gradebook, pytest.raises(MissingEntry):
        gradebook.find_submission("3-softmax", "unlucky")


def test_a_link_to_the_notebook_of_another_student_is_not_graded(course: StockCourse) -> None:
    course.grade("author", "3-softmax", course.answered())
    folder = course.root / "submitted" / "thief" / "3-softmax"
    folder.mkdir(parents=True)
    (folder / "3-softmax.ipynb").symlink_to(course.root / "submitted" / "author" / "3-softmax" / "3-softmax.ipynb")
    assert course.autograde("thief", "3-softmax") == {"check-softmax": (None, True)}
    assert course.verdict("thief").status == Status.UNREADABLE


def in_a_newer_format(notebook: dict[str, Any]) -> bytes:
    return json.dumps({**notebook, "nbformat": 5}).encode()


def without_metadata(notebook: dict[str, Any]) -> bytes:
    del notebook["metadata"]
    for cell in notebook["cells"]:
        del cell["metadata"]
    return json.dumps(notebook).encode()


def with_odd_outputs(notebook: dict[str, Any]) -> bytes:
    for number, cell in enumerate(notebook["cells"]):
        cell["outputs"] = [None, 3, {}, {"output_type": "display_data", "data": 1}][number % 4 :]
    return json.dumps(notebook).encode()


def with_a_byte_order_mark(notebook: dict[str, Any]) -> bytes:
    return json.dumps(notebook).encode("utf-8-sig")


def in_another_encoding(notebook: dict[str, Any]) -> bytes:
    return json.dumps(notebook, ensure_ascii=False).encode("utf-16")


@on_sqlite
@pytest.mark.parametrize(
    "write",
    [in_a_newer_format, without_metadata, with_odd_outputs, with_a_byte_order_mark, in_another_encoding],
)
def test_nbgraders_command_reads_what_our_commands_read(
    course: StockCourse, write: Callable[[dict[str, Any]], bytes]
) -> None:
    assert course.grade(write.__name__, "3-softmax", write(course.answered())) == {"check-softmax": (5, False)}


@on_sqlite
def test_a_file_that_is_no_notebook_needs_manual_grading(course: StockCourse) -> None:
    assert course.grade("corrupt", "3-softmax", b'{"cells": [') == {"check-softmax": (None, True)}
    assert course.verdict("corrupt").status == Status.UNREADABLE


@on_sqlite
def test_an_untouched_written_answer_has_no_score_if_there_is_other_text(course: StockCourse) -> None:
    untouched = course.grade("empty", "6-reflection", course.notebook("6-reflection"))
    assert set(untouched.values()) == {(0, False)}
    notebook = course.notebook("6-reflection")
    notebook["cells"].append({"cell_type": "markdown", "id": "essay", "metadata": {}, "source": "My answers."})
    assert set(course.grade("essay", "6-reflection", notebook).values()) == {(None, True)}
    notebook = course.notebook("6-reflection")
    cell_named(notebook, "question-senses")["source"] += "\n\nMy answer."
    assert set(course.grade("question", "6-reflection", notebook).values()) == {(None, True)}
    assert "My answer." in course.graded_notebook("question", "6-reflection")
