"""Every status is handled in each place where a verdict is shown or stored, and the order of statuses decides."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from rich.console import Console

from autograder.batch.progress import ProgressDisplay
from autograder.batch.summary import ResultChange, SubmissionResult, Summary, show_summary
from autograder.course.settings import load_course
from autograder.feedback.page_content import STATUS_LABELS
from autograder.feedback.report_outputs import report_outputs
from autograder.formatting import format_points, format_report, format_score
from autograder.gradebook.grade_rules import needs_manual_grade
from autograder.gradebook.tables import GRADINGS, VERDICTS
from autograder.nbgrader_plugin.cell_scores import REPORTS, collect_scores
from autograder.nbgrader_plugin.grading_context import GradingContext
from autograder.submission.submitted_file import Rejection
from autograder.verdict import CriterionResult, Mark, Outcome, Reason, Report, Status, Verdict, first_status

ROOT = Path(__file__).parents[1]
MESSAGE = "What to do."
REASON = Reason("The rows hold.", "", "What is exp(1000)?", "Try a larger score.")


def report(status: Status, *marks: Mark) -> Report:
    outcomes = tuple(Outcome("case", "any axis", "axis", mark) for mark in marks or (Mark.PASS,))
    verdict = Verdict(outcomes, (CriterionResult("any axis", 1, 1), CriterionResult("no overflow", 0, 2, REASON)))
    return Report("x.ipynb", "softmax", status, MESSAGE, 3, "full", 7, verdict)


def has_consistent_flags(status: Status) -> bool:
    return status.has_score or (status.needs_review and status.retry)


def ranks_above_graded(status: Status) -> bool:
    return first_status([(Status.GRADED, ""), (status, MESSAGE)])[0] is status


def is_returned_somewhere(status: Status) -> bool:
    modules = (path for path in (ROOT / "autograder").rglob("*.py") if path.stem not in ("verdict", "page_content"))
    return any(re.search(rf"\bStatus\.{status.name}\b", path.read_text(encoding="utf-8")) for path in modules)


def has_a_row_for_instructors(status: Status) -> bool:
    """Whether the guide names the status, with no score exactly if it has none."""
    text = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| (?:\w+, )*{status.value}(?:, \w+)* \|.*\| (.+) \|$", text, re.MULTILINE)
    return row is not None and row[1].startswith("none") is not status.has_score


def has_a_label_on_the_feedback_page(status: Status) -> bool:
    return status in STATUS_LABELS


def fits_the_gradebooks_columns(status: Status) -> bool:
    return all(len(status.value) <= table.c.status.type.length for table in (GRADINGS, VERDICTS))


def is_shown_by_judge_and_explain(status: Status) -> bool:
    score = 1 if status.has_score else None
    data = report(status).as_json()
    head = f"softmax  {format_score(score, 3)}   {status.value}\n  {MESSAGE}"
    return (data["status"], data["score"]) == (status.value, score) and head in format_report(report(status))


def is_shown_in_the_graded_cell(status: Status) -> bool:
    """Whether the last output is a number exactly if there is a score: nbgrader gives full marks for none."""
    last = report_outputs(report(status))[-1]
    return last.get("data") == {"text/plain": "1.0"} if status.has_score else "1" not in str(last)


def decides_the_score_in_the_gradebook(status: Status) -> bool:
    """Whether, by both ways to grade, a judged notebook is NULL exactly if it has no score, a rejected one always."""
    judged = scores(reports={"check": report(status)})
    rejected = scores(rejection=Rejection(status, MESSAGE))
    waits = needs_manual_grade(judged["check"], None)
    expected = (1, None, False) if status.has_score else (None, None, True)
    return (judged["check"], rejected["check"], waits) == expected


def is_counted_in_a_run(status: Status) -> bool:
    summary = Summary("3-softmax")
    summary.add("novak", status, MESSAGE)
    file = io.StringIO()
    console = Console(file=file, width=120)
    show_summary(console, summary)
    with ProgressDisplay(console, summary, 1) as display:
        display._last_shown = -100
        display.show()
    text = file.getvalue()
    is_listed = MESSAGE in text and not summary.clean
    return f"│ {status.value} " in text and f"{status.value} 1" in text and is_listed is status.needs_review


def is_shown_by_compare(status: Status) -> bool:
    before, after = SubmissionResult(0.5, "other"), SubmissionResult(report(status).score, status.value)
    file = io.StringIO()
    summary = Summary("3-softmax", dry_run=True, changes=[ResultChange("novak", before, after)])
    show_summary(Console(file=file, width=120), summary)
    return f"0.5 other │ {format_points(after.score)} {status.value}" in file.getvalue()


# What each place must do with a status, and what to change where it does not.
PLACES: dict[Callable[[Status], bool], str] = {
    has_consistent_flags: "A status without a score needs review: set needs_review and retry in autograder/verdict.py.",
    ranks_above_graded: "Move its line above GRADED in autograder/verdict.py: the first status that applies counts.",
    is_returned_somewhere: "Return it where it is decided, as autograder/grading/grader.py does, with a sentence from "
    "autograder/grading/status_messages.py.",
    has_a_row_for_instructors: "Add its row to the table of statuses in docs/instructor.md; its score is 'none' "
    "exactly if has_score is False.",
    has_a_label_on_the_feedback_page: "Add its label to STATUS_LABELS in autograder/feedback/page_content.py.",
    fits_the_gradebooks_columns: "Shorten its value: see the columns in autograder/gradebook/tables.py.",
    is_shown_by_judge_and_explain: "Show its points, name and message in autograder/formatting.py, and in "
    "Report.as_json of autograder/verdict.py.",
    is_shown_in_the_graded_cell: "Write a number exactly if it has a score in autograder/feedback/report_outputs.py.",
    decides_the_score_in_the_gradebook: "Follow Status.has_score in autograder/nbgrader_plugin/cell_scores.py.",
    is_counted_in_a_run: "Count it, and list it exactly if needs_review is True, in autograder/batch/summary.py and "
    "progress.py.",
    is_shown_by_compare: "Show its score and name in the table of changes in autograder/batch/summary.py.",
}


def scores(*, reports: dict[str, Report] | None = None, rejection: Rejection | None = None) -> dict[str, float | None]:
    """The scores that `nbgrader autograde` and `autograder grade` store for a notebook with one exercise."""
    ids = {"student": "novak", "assignment": "3-softmax", "notebook": "3-softmax"}
    context = GradingContext(None, load_course(ROOT), 0, rejection)
    notebook = nbformat.v4.new_notebook(cells=[graded_cell()])
    resources = {"nbgrader": ids, REPORTS: reports or {}}
    return dict(collect_scores(notebook, resources, context, logging.getLogger("test")).scores)


def graded_cell() -> NotebookNode:
    about = {"grade": True, "solution": False, "locked": True, "points": 3, "grade_id": "check", "task": False}
    return nbformat.v4.new_code_cell(metadata={"nbgrader": about, "autograder": {"exercise": "softmax"}})


@pytest.mark.parametrize("handles", PLACES, ids=lambda handles: handles.__name__)
@pytest.mark.parametrize("status", Status)
def test_each_place_handles_every_status(status: Status, handles: Callable[[Status], bool]) -> None:
    assert handles(status), f"{status.value} is not handled here. {PLACES[handles]}"


def test_the_first_status_in_the_order_of_statuses_applies() -> None:
    statuses = [(Status.GRADED, "a"), (Status.TIMED_OUT, "b"), (Status.UNFINISHED, "c")]
    assert first_status(statuses) == (Status.UNFINISHED, "c")
    assert first_status([]) == (Status.GRADED, "")


def test_no_status_hides_one_that_needs_review() -> None:
    needs_review = [status.needs_review for status in Status]
    assert needs_review == sorted(needs_review, reverse=True)


@pytest.mark.parametrize(
    ("marks", "score"), [([Mark.PASS, Mark.NOT_RUN], 1), ([Mark.ERROR], 1), ([Mark.NOT_RUN], None)]
)
def test_needs_look_has_a_score_only_if_a_case_ran(marks: list[Mark], score: float | None) -> None:
    assert report(Status.NEEDS_LOOK, *marks).score == score


def test_a_score_is_the_sum_of_the_criteria_that_were_earned() -> None:
    verdict = report(Status.GRADED).verdict
    assert [criterion.earned for criterion in verdict.criteria] == [True, False]
    assert verdict.score == 1


def test_a_verdict_names_the_misconceptions_of_the_first_case_that_has_some() -> None:
    def outcome(*slugs: str) -> Outcome:
        return Outcome("case", "criterion", "core", Mark.FAIL, slugs)

    assert Verdict((outcome(), outcome("a", "b"), outcome("c")), ()).misconceptions == ("a", "b")
    assert Verdict((outcome(),), ()).misconceptions == ()


def test_a_reason_is_one_line_for_each_sentence_that_it_has() -> None:
    assert str(REASON) == "The rows hold.\nWhat is exp(1000)?\nTry a larger score."
