"""Exercises are judged and other cells are run, without a kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.nbgrader_plugin import preconditions
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands
from tests.helpers.stock_course import RIGHT, StockCourse, code_cell

pytestmark = pytest.mark.slow
on_sqlite = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # the database makes no difference


def notebook_with_an_ordinary_test(course: StockCourse, answer: str) -> dict[str, Any]:
    """A notebook without exercises: an answer and a test of two points, in a course that released it."""
    metadata = {"schema_version": 3, "points": 2, "cell_type": "code", "locked": False, "task": False}
    solution = {**metadata, "grade": False, "solution": True, "grade_id": "answer"}
    solution.pop("points")
    test = {**metadata, "grade": True, "solution": False, "locked": True, "grade_id": "test"}
    cells = [
        code_cell("### BEGIN SOLUTION\nx = 3\n### END SOLUTION") | {"id": "answer", "metadata": {"nbgrader": solution}},
        code_cell("assert x == 3") | {"id": "test", "metadata": {"nbgrader": test}},
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    source = course.root / "solutions" / "own" / "own.ipynb"
    if not source.exists():
        source.parent.mkdir()
        source.write_text(json.dumps(notebook))
        NbgraderCommands(course.app, "own").generate()
    cells[0]["source"] = answer
    return notebook


@on_sqlite
@pytest.mark.parametrize(
    ("student", "answer", "grade"),
    [
        ("right", "x = 3", (2, False)),
        ("wrong", "x = 4", (0, False)),
        ("stub", "raise NotImplementedError", (0, False)),
        ("quits", "import os; os._exit(0)", (None, True)),
        ("thief", "x = open('../../../gradebook.db').read()", (0, False)),
        ("copier", "exec(open('../../../solutions/own/own.ipynb').read())", (0, False)),
        ("shell", "!echo 3 > x", (0, False)),
    ],
)
def test_an_ordinary_test_is_scored_unless_its_process_died(
    course: StockCourse, student: str, answer: str, grade: tuple[float | None, bool]
) -> None:
    assert course.grade(student, "own", notebook_with_an_ordinary_test(course, answer)) == {"test": grade}


@on_sqlite
def test_a_notebook_for_another_kernel_needs_manual_grading(
    course: StockCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kernel = tmp_path / "kernels" / "other"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": ["other"], "display_name": "Other", "language": "other"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    notebook = notebook_with_an_ordinary_test(course, "x = 3")
    monkeypatch.setattr("autograder.nbgrader_plugin.judge_cells.JudgeCells.kernel_name", "other")
    assert course.grade("other", "own", notebook) == {"test": (None, True)}
    assert "The kernel other is not run here" in course.graded_notebook("other", "own")


@on_sqlite
@pytest.mark.parametrize(("timeout", "status"), [(1, "timed_out"), (-1, "graded"), (None, "graded")])
def test_a_time_limit_of_nbgrader_applies_if_somebody_set_it(
    course: StockCourse, timeout: int | None, status: str
) -> None:
    course.set("seconds: 5 ", "seconds: 40 ")
    course.app.config.Execute.timeout = timeout
    course.grade("slow", "3-softmax", course.answered(f"import time\ntime.sleep(1.5)\n{RIGHT}"))
    assert course.verdict("slow").status == status


def test_points_that_change_during_a_run_give_no_score(course: StockCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preconditions, "require_agreement", lambda *_: None)
    course.set("points: {}", 'points: {softmax: {"no overflow": 9}}')
    assert course.grade("early", "3-softmax", course.answered()) == {"check-softmax": (None, True)}
    assert "nbgrader generate_assignment 3-softmax --force" in course.verdict("early").message
