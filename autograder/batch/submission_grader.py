"""A worker's desk: a submission becomes a marked one. Nothing here knows the gradebook or the course's secret."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import OverwriteKernelspec

from autograder.batch import preprocessing
from autograder.batch.assignment_bundle import AssignmentBundle, AssignmentNotebook
from autograder.batch.feedback_pages import FeedbackRenderer
from autograder.batch.student_submission import TIMESTAMP, NotebookFile, StudentSubmission
from autograder.course.settings import Course, load_course
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_execution import ExecutionResult
from autograder.nbgrader_plugin.grading_context import GradingContext, Rejection
from autograder.nbgrader_plugin.preprocessors import EXECUTED, CellScores, SaveScores, collect_scores
from autograder.submission import companion_files
from autograder.verdict import Report, Status

MOST_SAID = 20  # warnings that are kept of one submission
_NO_TIME = (
    "timestamp.txt of %s names no time: the submission does not count as late, and formgrader cannot list the class. "
    "Write the time into it, or delete it."
)
_EMPTY = "The file is empty. Open the notebook in JupyterLab, save it, and hand it in again."
_NO_NOTEBOOK = "The file is not a notebook. Open it in JupyterLab, save it, and hand it in again."


@dataclass(frozen=True)
class GradedNotebook:
    """A notebook as it goes into ``autograded/``, and what the gradebook is told of it."""

    name: str
    text: str
    found: CellScores


@dataclass(frozen=True)
class GradedSubmission:
    """What became of a submission."""

    student: str
    status: Status
    message: str
    notebooks: tuple[GradedNotebook, ...]
    written: Mapping[str, bytes]  # files that its cells left
    isolation: str
    said: tuple[str, ...]  # what nbgrader would have logged
    seconds: float

    @property
    def reports(self) -> list[Report]:
        """The reports on all exercises in it."""
        return [report for notebook in self.notebooks for report in notebook.found.reports.values()]


class SubmissionGrader:
    """nbgrader's preprocessors as the configuration lists them, set up once; their gradebook is what the task says."""

    def __init__(self, task: AssignmentBundle, root: Path) -> None:
        """``root`` is a course directory with the task's files in it."""
        self.task = task
        self._course: Course = load_course(root)
        self._said = _Said()
        self._pages: FeedbackRenderer | None = None
        self._config = config = deepcopy(task.config)
        config.CourseDirectory.root = str(root)
        folder = CourseDirectory(config=config, log=self._said.log, assignment_id=task.assignment)
        converter = Autograde(coursedir=folder, config=config, log=self._said.log)
        exporter = NotebookExporter(parent=converter, config=config)
        self._sanitize = preprocessing.made(converter.sanitize_preprocessors, exporter)
        self._autograde = preprocessing.made(converter.autograde_preprocessors, exporter)

    def mark(self, submitted: StudentSubmission) -> GradedSubmission:
        """Everything that `nbgrader autograde` does with a submission, but for its files and the gradebook."""
        began = monotonic()
        with self._said as said:
            if submitted.timestamp is None and submitted.files.get(TIMESTAMP, b"").strip():
                self._said.log.warning(_NO_TIME, submitted.student)
            done = [self._mark(known, submitted, submitted.notebooks[known.name]) for known in self.task.notebooks]
        reports = [report for one, _ in done for report in one.found.reports.values()]
        executed = [ran for _, ran in done if ran is not None]
        status, message = _status(submitted, reports, executed)
        written = {name: data for ran in executed for name, data in ran.written.items()}
        levels = [*(report.isolation for report in reports), *(ran.isolation for ran in executed)]
        isolation = next(filter(None, levels), "")
        notebooks, seconds = tuple(one for one, _ in done), monotonic() - began
        return GradedSubmission(submitted.student, status, message, notebooks, written, isolation, said(), seconds)

    def refuse(self, submitted: StudentSubmission, why: Rejection) -> GradedSubmission:
        """A submission of which nothing is judged."""
        return self.mark(replace(submitted, notebooks=dict.fromkeys(submitted.notebooks, why)))

    def pages(self, texts: Mapping[str, str], marks: Sequence[NotebookGrades]) -> dict[str, str]:
        """The pages of feedback on a student's graded notebooks, by name."""
        if self._pages is None:
            self._pages = FeedbackRenderer(self._config)
        return {one.notebook: self._pages.page(texts[one.notebook].encode(), one) for one in marks}

    def _mark(
        self, known: AssignmentNotebook, submitted: StudentSubmission, one: NotebookFile | Rejection
    ) -> tuple[GradedNotebook, ExecutionResult | None]:
        nb, notes, refused = _rebuilt(known, one)
        beside_it = companion_files.merge_files(self.task.instructors, submitted.files)
        files = companion_files.fit_to_limits(beside_it, self.task.instructors, beside_it.get, self._said.log)
        by = GradingContext(known.release, self._course, submitted.seed, notes, refused, files)
        about = {"student": submitted.student, "assignment": self.task.assignment, "notebook": known.name}
        resources: dict[str, Any] = {"nbgrader": about}
        by.bring(resources)
        for note in (*notes, *([refused.message] if refused else [])):
            self._said.log.warning("%s", note)
        found = None
        for preprocessor in (*self._sanitize, *self._autograde):
            if isinstance(preprocessor, SaveScores):
                found = collect_scores(nb, resources, by, self._said.log)
            elif isinstance(preprocessor, OverwriteKernelspec):
                nb.metadata.update({"kernelspec": known.kernelspec} if known.kernelspec else {})
            else:
                if isinstance(preprocessor, preprocessing.OverwriteCells):
                    preprocessor.gradebook = preprocessing.Cells(known)
                nb, resources = preprocessor(nb, resources)
        assert found is not None  # `preprocessing.why_not` has seen to it
        if isinstance(one, NotebookFile) and one.note:
            found = replace(found, reports={name: _look(report, one.note) for name, report in found.reports.items()})
        text = nbformat.v4.writes(nb)
        return GradedNotebook(known.name, text if text.endswith("\n") else f"{text}\n", found), resources.get(EXECUTED)


class _Said(logging.Handler):
    """What is logged while a submission is marked."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.log = logging.Logger("autograder.desk")  # of its own: nothing is printed
        self.log.addHandler(self)
        self._texts: list[str] = []

    def __enter__(self) -> Any:
        self._texts = []
        return lambda: tuple(dict.fromkeys(self._texts[:MOST_SAID]))

    def __exit__(self, *_: object) -> None: ...

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())


def _rebuilt(
    known: AssignmentNotebook, one: NotebookFile | Rejection
) -> tuple[NotebookNode, tuple[str, ...], Rejection | None]:
    """The notebook to judge; the release itself where there is nothing to judge."""
    refused: Rejection | None
    handed_in = _opened(one.data) if isinstance(one, NotebookFile) else one
    if isinstance(handed_in, Rejection):
        return nbformat.reads(json.dumps(known.release), as_version=4), (), handed_in
    notebook, notes, refused = grading_context.rebuilt(known.release, grading_context.plain(handed_in))
    note = one.note if isinstance(one, NotebookFile) else ""
    return nbformat.from_dict(notebook), (*notes, *([note] if note else [])), refused


def _opened(data: bytes) -> NotebookNode | Rejection:
    """A notebook as nbgrader opens it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat's, about odd notebooks
            nb: NotebookNode = nbformat.reads(data.decode("utf-8-sig"), as_version=4)
        if isinstance(nb.get("cells"), list):
            return nb
    except Exception:  # nbformat has no end of ways to say that this is no notebook
        pass
    return Rejection(Status.UNREADABLE, _NO_NOTEBOOK if data.strip() else _EMPTY)


def _look(report: Report, note: str) -> Report:
    """A report that a person has to confirm."""
    if report.status is not Status.GRADED:
        return report
    return replace(report, status=Status.NEEDS_LOOK, message=f"{note} {report.message}")


def _status(submitted: StudentSubmission, reports: list[Report], executed: list[ExecutionResult]) -> tuple[Status, str]:
    """The first status that applies to a submission, by the order in which statuses are listed, and why."""
    found = [(report.status, report.message) for report in reports]
    for one in submitted.notebooks.values():
        if isinstance(one, Rejection):
            found.append((one.status, one.message))
        elif one.note:
            found.append((Status.NEEDS_LOOK, one.note))
    for ran in executed:
        if ran.failed:
            found.append((Status.NOT_GRADED, ran.failed))
        elif ran.not_run:
            found.append((Status.NEEDS_LOOK, "Cells of it have no result."))
    return min(found, key=lambda one: one[0].rank, default=(Status.GRADED, ""))
