"""Feedback pages of real assignments, one for each kind of result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.feedback.page import FeedbackPage
from autograder.feedback.page_content import IS_MARKED, STUDENT_TEXT
from autograder.feedback.report_outputs import report_outputs
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
ANSWER = """def softmax(scores, axis=-1):
    shifted = scores - scores.max(axis=-1, keepdims=True)  # a comment that makes this line wider than a phone's screen
    weights = np.exp(shifted)
    return weights / weights.sum(axis=-1, keepdims=True)
"""
PASSED = (
    CriterionResult("rows are weights", 2, 2),
    CriterionResult("any axis", 1, 1),
    CriterionResult("no overflow", 2, 2),
)
_PAGE = FeedbackPage()  # remembers the lesson's cells
HINT = Reason(
    "Each row sums to 1.",
    "On softmax([[1.0, 2.0], [3.0, 4.0]], axis=0) yours gave [[0.27, 0.73], [0.27, 0.73]] (line 2 of code cell 12).",
    "Which axis do your sums run over when a caller asks for another?",
    "softmax([[1.0, 2.0], [3.0, 4.0]], axis=0)",
    source_name="code cell 12",
    line=2,
)
FAILED = (PASSED[0], CriterionResult("any axis", 0, 1, HINT), PASSED[2])


def full_marks() -> str:
    return _softmax(Status.GRADED, "All criteria hold.", PASSED)


def wrong_with_hint() -> str:
    return _softmax(Status.GRADED, "2 of 3 criteria hold.", FAILED, notes=("Code cell 9 raised NameError.",))


def not_graded() -> str:
    message = "The sandbox did not start. This is not the submission's fault: grade it again when it is fixed."
    return _softmax(Status.NOT_GRADED, message, _none_earned(message))


def timed_out() -> str:
    message = "A call took longer than 10 s and was stopped."
    return _softmax(Status.TIMED_OUT, message, _none_earned(message))


def late_with_comment() -> str:
    comment = "Nearly! Read **Which axis?** again:\n\n| axis | sums |\n|---|---|\n| 0 | of $\\sum_i e^{s_i}$ |"
    return _softmax(Status.GRADED, "2 of 3 criteria hold.", FAILED, comment=comment, late_penalty=0.75)


def written_answers() -> str:
    cells = _release("6-reflection")
    answers = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution")]
    for cell in answers:
        cell.source = "**court**: a king's court, and a court of law."
        cell.metadata[STUDENT_TEXT] = True
        cell.metadata.nbgrader |= {"score": 0, IS_MARKED: False}
    answers[0].metadata.nbgrader |= {"score": 2, IS_MARKED: True, "comment": "Say which word *decides*."}
    return _render("6-reflection", cells, score=2, max_score=12)


CASES: dict[str, Callable[[], str]] = {
    build.__name__: build
    for build in (full_marks, wrong_with_hint, not_graded, timed_out, late_with_comment, written_answers)
}


def _none_earned(message: str) -> list[CriterionResult]:
    reason = Reason("", message, "", "")
    return [CriterionResult(criterion.name, 0, criterion.max_points, reason) for criterion in PASSED]


def _softmax(
    status: Status,
    message: str,
    criteria: Sequence[CriterionResult],
    *,
    notes: tuple[str, ...] = (),
    comment: str | None = None,
    late_penalty: float = 0,
) -> str:
    cells = _release("3-softmax")
    by_name = {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}
    report = Report("novak", "softmax", status, message, 5, "full", 1, Verdict((), tuple(criteria)), notes)
    answer, judged = by_name["softmax"], by_name["check-softmax"]
    answer.source, answer.metadata[STUDENT_TEXT] = ANSWER, True
    answer.outputs = [new_output("stream", text="a line of output that is wider than a phone's screen " * 3)]
    answer.metadata.nbgrader["comment"] = comment
    by_name["gap-row"].metadata.nbgrader["comment"] = "No response."
    judged.outputs = report_outputs(report)
    judged.metadata.nbgrader |= {"score": report.score or 0, IS_MARKED: report.score is not None}
    score = (report.score or 0) - late_penalty
    return _render("3-softmax", cells, score=score, max_score=5, late_penalty=late_penalty)


def _release(assignment: str) -> list[NotebookNode]:
    return list(nbformat.read(ASSIGNMENTS / assignment / f"{assignment}.ipynb", as_version=4).cells)


def _render(assignment: str, cells: list[NotebookNode], **grades: Any) -> str:
    notebook = nbformat.v4.new_notebook(cells=cells)
    about = {"student": "Petra Nováková", "notebook": assignment, "late_penalty": 0, **grades}
    return _PAGE.render(notebook, {"nbgrader": about})
