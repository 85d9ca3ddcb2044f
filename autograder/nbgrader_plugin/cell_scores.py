"""Collect the scores and comments of a graded notebook's cells, the reports on its exercises, and its status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from logging import Logger
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils

from autograder.grading import grader, status_messages
from autograder.nbgrader_plugin.cell_execution import ExecutionResult
from autograder.nbgrader_plugin.grading_context import GradingContext, has_exercise
from autograder.submission.reader import Submission
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Report, Status

# Where `JudgeCells` leaves its reports in an nbgrader ``resources``, by the name of the graded cell,
REPORTS = "attention-course"
# and the result of running the other cells.
EXECUTION = "attention-course: execution"
# Where `SaveScores` leaves a note that it kept an earlier verdict.
HELD = "attention-course: held"
_NOT_EXECUTED = Rejection(
    Status.NOT_GRADED,
    "The notebook was not executed, so nothing was judged. Run nbgrader autograde --force without --no-execute.",
)
_NO_RESULT = "Some graded cells have no result. Grade them in formgrader."


@dataclass(frozen=True)
class CellScores:
    """What goes into the gradebook for one notebook: scores, comments and reports by the names of cells.

    ``execution`` is the result of running the cells without an exercise, None if none was run; ``rejection`` says why
    nothing was judged, ``doubt`` what a person has to confirm about the submission.
    """

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    reports: Mapping[str, Report]
    execution: ExecutionResult | None = None
    rejection: Rejection | None = None
    doubt: str = ""

    def isolation_levels(self) -> Iterator[str]:
        """Yield the isolation of each piece of student code that ran."""
        yield from (report.isolation for report in self.reports.values())
        if self.execution is not None:
            yield self.execution.isolation

    def statuses(self) -> Iterator[tuple[Status, str]]:
        """Yield every status that applies to the notebook, with its message for instructors."""
        yield from (
            (report.status, status_messages.for_instructors(report.message)) for report in self.reports.values()
        )
        if self.rejection is not None:
            yield self.rejection.status, self.rejection.message
        if self.doubt:
            yield Status.NEEDS_LOOK, self.doubt
        if self.execution is not None and self.execution.failure:
            yield Status.NOT_GRADED, self.execution.failure
        elif self.execution is not None and self.execution.not_run:
            yield Status.NEEDS_LOOK, _NO_RESULT


def has_verdict(notebooks: Mapping[str, CellScores], status: Status) -> bool:
    """Whether a submission was judged: each exercise has points, and no notebook was rejected.

    Anything else never replaces a verdict that is stored.
    """
    reports = [report for scores in notebooks.values() for report in scores.reports.values()]
    is_rejected = any(scores.rejection for scores in notebooks.values())
    return status.has_score and not is_rejected and all(report.score is not None for report in reports)


def why_held(status: Status, message: str) -> str:
    """Return the sentence about a result without a verdict that does not replace a stored one."""
    return f"The newest grading gave no verdict ({status}), so the earlier points stay. {message}".rstrip()


def loses_scores(before: Mapping[str, float | None], after: Mapping[str, float | None]) -> bool:
    """Whether a cell that has an automatic score would have none; both are by the names of cells."""
    return any(before.get(cell) is not None and score is None for cell, score in after.items())


def cells_in_doubt(notebooks: Mapping[str, CellScores], status: Status) -> dict[str, frozenset[str]]:
    """Return the graded cells for which a submission with a status waits for a person, by the names of notebooks.

    These are the exercises whose own status needs review; all graded cells if the doubt is about the submission.
    """
    if not status.needs_review:
        return dict.fromkeys(notebooks, frozenset())
    doubtful = {
        notebook: frozenset(name for name, report in scores.reports.items() if report.status.needs_review)
        for notebook, scores in notebooks.items()
    }
    if any(doubtful.values()):
        return doubtful
    return {notebook: frozenset(scores.scores) for notebook, scores in notebooks.items()}


def collect_scores(nb: NotebookNode, resources: dict[str, Any], context: GradingContext, log: Logger) -> CellScores:
    """Return what the preprocessors before left in a notebook and its resources.

    A score is None, which is NULL in the gradebook, if the notebook was rejected, if the cell was not run, if its
    report has no score, or if nbgrader finds no score in it, as in a written answer.
    """
    reports: dict[str, Report] = resources.get(REPORTS, {})
    execution: ExecutionResult | None = resources.get(EXECUTION)
    for cell in nb.cells:
        if has_exercise(cell) and cell.metadata.nbgrader.grade_id not in reports:
            rejection = context.rejection or _NOT_EXECUTED
            reports[cell.metadata.nbgrader.grade_id] = rejected_report(cell, resources, context, rejection)
    not_run = execution.not_run if execution else frozenset()
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in nb.cells:
        if utils.is_grade(cell):
            scores[cell.metadata.nbgrader.grade_id] = _cell_score(cell, reports, not_run, context, log)
        if utils.is_solution(cell) or utils.is_task(cell):
            comments[cell.metadata.nbgrader.grade_id] = _cell_comment(cell, context)
    doubt = context.submission.doubt if isinstance(context.submission, Submission) else ""
    return CellScores(scores, comments, reports, execution, context.rejection, doubt)


def rejected_report(
    cell: NotebookNode, resources: dict[str, Any], context: GradingContext, rejection: Rejection
) -> Report:
    """Return the report on an exercise that was not judged."""
    path, exercise = resources["nbgrader"]["notebook"], context.exercise_of(cell)
    return grader.report_without_verdict(path, exercise, rejection.status, rejection.message, seed=context.seed)


def _cell_score(
    cell: NotebookNode,
    reports: Mapping[str, Report],
    not_run: frozenset[str],
    context: GradingContext,
    log: Logger,
) -> float | None:
    name = cell.metadata.nbgrader.grade_id
    if context.rejection is not None or name in not_run:
        return None
    if name in reports:
        return reports[name].score
    if _is_unchanged(cell) and utils.is_solution(cell) and context.may_be_answered_elsewhere:
        return None
    score: float | None = utils.determine_grade(cell, log)[0]
    return score


def _cell_comment(cell: NotebookNode, context: GradingContext) -> str | None:
    """Return nbgrader's automatic comment on an untouched answer in a notebook without any other answer."""
    if utils.is_task(cell) or not context.is_provably_unanswered:
        return None
    return "No response." if _is_unchanged(cell) else None


def _is_unchanged(cell: NotebookNode) -> bool:
    return bool(cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell))
