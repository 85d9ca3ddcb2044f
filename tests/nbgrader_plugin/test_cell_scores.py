"""What a graded notebook is worth, and when a score is None."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.utils import compute_checksum

from autograder.course.settings import load_course
from autograder.grading import status_messages
from autograder.nbgrader_plugin.cell_execution import ExecutionResult
from autograder.nbgrader_plugin.cell_scores import EXECUTION, REPORTS, CellScores, collect_scores
from autograder.nbgrader_plugin.grading_context import GradingContext
from autograder.submission.reader import Submission
from autograder.submission.student_work import Place, StudentText
from autograder.submission.submitted_file import Rejection
from autograder.verdict import CriterionResult, Report, Status, Verdict, first_status
from tests.helpers.stock_course import ROOT

IDS = {"student": "novak", "assignment": "3-softmax", "notebook": "3-softmax"}
CONTEXT = GradingContext(None, load_course(ROOT), 0, None)


def report(status: Status = Status.GRADED) -> Report:
    verdict = Verdict((), (CriterionResult("rows", 2, 5),))
    return Report("x.ipynb", "softmax", status, "A message.", 5, "process", 0, verdict)


def exercise_cell() -> NotebookNode:
    cell = ordinary_test("check", [])
    cell.metadata["autograder"] = {"exercise": "softmax"}
    return cell


def ordinary_test(name: str, outputs: list[Any]) -> NotebookNode:
    metadata = {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": name, "task": False}
    return nbformat.v4.new_code_cell("assert True", metadata={"nbgrader": metadata}, outputs=outputs)


def scores(
    *cells: NotebookNode, context: GradingContext = CONTEXT, reports: Any = None, not_run: frozenset[str] = frozenset()
) -> CellScores:
    resources = {"nbgrader": IDS, REPORTS: reports or {}, EXECUTION: ExecutionResult(not_run)}
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    return collect_scores(notebook, resources, context, logging.getLogger("test"))


def test_an_exercise_has_the_score_of_its_report_whatever_its_outputs_say() -> None:
    cell = exercise_cell()
    cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "5.0"})]
    assert scores(cell, reports={"check": report()}).scores == {"check": 2}


def test_an_exercise_without_a_verdict_has_no_score() -> None:
    assert scores(exercise_cell(), reports={"check": report(Status.NOT_GRADED)}).scores == {"check": None}


def test_an_exercise_that_nobody_judged_has_no_score_and_says_so() -> None:
    result = scores(exercise_cell())
    assert result.scores == {"check": None}
    assert result.reports["check"].status is Status.NOT_GRADED
    assert "without --no-execute" in result.reports["check"].message


@pytest.mark.parametrize(("outputs", "score"), [([], 2), ([nbformat.v4.new_output("error")], 0)])
def test_an_ordinary_test_has_the_score_that_nbgrader_gives_it(outputs: list[Any], score: float) -> None:
    assert scores(ordinary_test("test", outputs)).scores == {"test": score}


def test_an_ordinary_test_that_was_not_run_has_no_score() -> None:
    result = scores(ordinary_test("test", []), not_run=frozenset({"test"}))
    assert result.scores == {"test": None}
    assert first_status(result.statuses())[0] is Status.NEEDS_LOOK


@pytest.mark.parametrize("status", [Status.MISSING, Status.ALTERED, Status.UNREADABLE, Status.NEEDS_LOOK])
def test_no_cell_of_a_rejected_notebook_has_a_score(status: Status) -> None:
    context = GradingContext(None, CONTEXT.course, 0, Rejection(status, "A reason."))
    result = scores(exercise_cell(), ordinary_test("test", []), context=context)
    assert result.scores == {"check": None, "test": None}
    assert first_status(result.statuses()) == (status, "A reason.")


def answer_comment(submission: Submission | Rejection | None) -> str | None:
    metadata = {"grade": False, "solution": True, "locked": False, "grade_id": "softmax", "task": False}
    cell = nbformat.v4.new_code_cell("stub", metadata={"nbgrader": metadata})
    cell.metadata.nbgrader.checksum = compute_checksum(cell)
    return scores(cell, context=GradingContext(None, CONTEXT.course, 0, submission)).comments["softmax"]


@pytest.mark.parametrize(
    ("submission", "comment"),
    [
        (None, "No response."),
        (Submission((), student_texts=()), "No response."),
        (Submission((), student_texts=(StudentText(Place.OWN, True, "x = 1", ""),)), None),
        (Submission((), student_texts=(StudentText(Place.ANSWER, True, "x = 1", "x = 0"),)), None),
        (Rejection(Status.NEEDS_LOOK, "There are only files that cannot be graded automatically."), None),
        (Rejection(Status.ALTERED, "This is another assignment's notebook."), None),
        (Rejection(Status.UNREADABLE, "The file is not a notebook."), None),
        (Rejection(Status.MISSING, "The chosen file is not there."), None),
    ],
)
def test_only_a_notebook_without_any_answer_gets_the_automatic_comment(
    submission: Submission | Rejection | None, comment: str | None
) -> None:
    assert answer_comment(submission) == comment


def test_a_missing_package_is_the_instructors_to_allow() -> None:
    text = status_messages.MODULE_NEEDED.format(function="softmax", modules="scipy")
    assert "course.yml" not in text
    needs_scipy = replace(report(Status.NEEDS_LOOK), message=text)
    (_, message), *_ = scores(exercise_cell(), reports={"check": needs_scipy}).statuses()
    assert message.endswith("A course can allow an installed package with packages in course.yml.")
    assert "Your instructor" not in message


def test_a_notebook_that_the_grader_could_not_run_is_not_graded() -> None:
    result = CellScores({}, {}, {}, ExecutionResult(failure="No sandbox."))
    assert first_status(result.statuses()) == (Status.NOT_GRADED, "No sandbox.")
