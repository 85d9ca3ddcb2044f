from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_code_cell

from autograder.feedback.report_outputs import REPORT_TYPE, read_report, report_outputs
from autograder.verdict import CriterionResult, Reason, Report, Status, Verdict

REASON = Reason("", "It gave <script>alert(1)</script>.", "What is <b>exp(1000)</b>?", "Try a larger score.")


def report(points: float = 2, status: Status = Status.GRADED) -> Report:
    criteria = (CriterionResult("rows", points, 2), CriterionResult("no overflow", 0, 1, REASON))
    return Report("x.ipynb", "softmax", status, "1 of 2 criteria hold.", 3, "process", 7, Verdict((), criteria), ("n",))


def test_a_report_ends_in_exactly_one_plain_number() -> None:
    shown, result = report_outputs(report())
    assert result["output_type"] == "execute_result"
    assert result["data"] == {"text/plain": "2.0"}
    assert shown["output_type"] == "display_data"
    assert "no overflow" in shown["data"]["text/plain"]


def test_every_text_in_the_html_is_escaped() -> None:
    html = report_outputs(report())[0]["data"]["text/html"]
    assert "<script>" not in html
    assert "What is &lt;b&gt;exp(1000)&lt;/b&gt;?" in html


@pytest.mark.parametrize("status", [status for status in Status if not status.has_score])
def test_without_a_verdict_there_is_an_error_and_no_number(status: Status) -> None:
    assert [output["output_type"] for output in report_outputs(report(status=status))] == ["display_data", "error"]


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1, 4])
def test_a_number_that_is_no_score_is_never_written(points: float) -> None:
    with pytest.raises(ValueError, match="is no score from 0 to 3"):
        report_outputs(report(points))


def test_a_report_is_read_back_from_its_cell() -> None:
    cell = new_code_cell(outputs=report_outputs(report()), metadata={"autograder": {"exercise": "softmax"}})
    shown = read_report(cell)
    assert shown is not None
    assert (shown.exercise, shown.status, shown.score, shown.max_score) == ("softmax", "graded", 2, 3)
    assert shown.criteria == report().criteria
    assert shown.notes == ("n",)


def test_a_cell_graded_by_an_older_version_has_no_report() -> None:
    outputs = report_outputs(report())
    del outputs[0]["data"][REPORT_TYPE]
    assert read_report(new_code_cell(outputs=outputs, metadata={"autograder": {"exercise": "softmax"}})) is None


def test_a_student_cannot_forge_a_report_in_another_cell() -> None:
    assert read_report(new_code_cell(outputs=report_outputs(report()))) is None


def test_a_cell_holds_no_seed() -> None:
    assert "seed" not in json.dumps(report_outputs(report()))
