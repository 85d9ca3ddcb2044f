"""A report as the outputs of its graded cell: reasons to read, the same as data, and one plain number for nbgrader."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.formatting import format_points, format_score, format_verdict
from autograder.verdict import CriterionResult, Reason, Report

# The report as JSON, for our feedback page; formgrader and JupyterLab do not know this type and show the HTML.
REPORT_TYPE = "application/vnd.attention-course.report+json"
_CELL = "style='text-align:left;vertical-align:top;padding:.3em .6em;white-space:{}'"
_WORD, _TEXT = _CELL.format("nowrap"), _CELL.format("normal;overflow-wrap:anywhere")


@dataclass(frozen=True)
class CellReport:
    """The part of a ``Report`` that a graded cell holds for its student."""

    exercise: str
    status: str
    message: str
    score: float | None
    max_score: float
    criteria: tuple[CriterionResult, ...]
    notes: tuple[str, ...]


def report_outputs(report: Report) -> list[NotebookNode]:
    """Return the reasons as display data; then the score, or an error where there is none.

    An empty output or a missing number would be full marks to nbgrader, so neither is ever written.
    """
    data = {"text/html": _html(report), "text/plain": format_verdict(report), REPORT_TYPE: _as_data(report)}
    shown = new_output("display_data", data)
    if report.score is None:
        text = f"No score: {report.status.value}. {report.message}"
        return [shown, new_output("error", ename="NoVerdict", evalue=text, traceback=[text])]
    if not (math.isfinite(report.score) and 0 <= report.score <= report.max_score):
        raise ValueError(f"{report.score} is no score from 0 to {report.max_score}")
    return [shown, new_output("execute_result", {"text/plain": repr(float(report.score))}, execution_count=None)]


def read_report(cell: NotebookNode) -> CellReport | None:
    """Return the report in an exercise's graded cell; None in another, and in one that an older version graded."""
    # Only a cell with this mark had its outputs written by `report_outputs`; others may hold a student's.
    for output in cell.get("outputs", []) if "autograder" in cell.metadata else []:
        data = output.get("data", {}).get(REPORT_TYPE)
        if data is not None:
            criteria = tuple(map(_criterion_from_data, data["criteria"]))
            return CellReport(**{**data, "criteria": criteria, "notes": tuple(data["notes"])})
    return None


def _as_data(report: Report) -> dict[str, Any]:
    return {
        "exercise": report.exercise,
        "status": report.status.value,
        "message": report.message,
        "score": report.score,
        "max_score": report.max_score,
        "criteria": [asdict(criterion) for criterion in report.criteria],
        "notes": list(report.notes),
    }


def _criterion_from_data(data: dict[str, Any]) -> CriterionResult:
    return CriterionResult(**{**data, "reason": Reason(**data["reason"]) if data["reason"] else None})


def _html(report: Report) -> str:
    """Return a table that wraps on a phone: what was earned, and why not where it was not. Every text is escaped."""
    head = f"{report.exercise}: {format_score(report.score, report.max_score)} points"
    notes = "".join(f"<li>{escape(note)}</li>" for note in report.notes)
    return (
        f"<p><strong>{escape(head)}</strong><br>{escape(report.message)}</p>"
        f"<table style='max-width:100%'><tbody>{''.join(map(_row, report.criteria))}</tbody></table>"
        + (f"<p>Noted while running the notebook:</p><ul>{notes}</ul>" if notes else "")
    )


def _row(criterion: CriterionResult) -> str:
    points = f"{format_points(criterion.points)}&nbsp;/&nbsp;{format_points(criterion.max_points)}"
    reason = "<br>".join(escape(line) for line in str(criterion.reason or "").split("\n"))
    state = "pass" if criterion.earned else "not yet"
    name = f"<strong>{escape(criterion.name)}</strong>" + (f"<br>{reason}" if reason else "")
    return f"<tr><td {_WORD}>{state}</td><td {_WORD}>{points}</td><td {_TEXT}>{name}</td></tr>"
