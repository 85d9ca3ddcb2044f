"""Grade one submission inside a worker. Has no access to the gradebook or the course secret."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

from autograder.batch.assignment_bundle import AssignmentBundle, AssignmentNotebook
from autograder.batch.feedback_pages import FeedbackRenderer
from autograder.batch.preprocessing import NotebookPipeline
from autograder.batch.student_submission import StudentSubmission
from autograder.course.settings import load_course
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_scores import CellScores, collect_scores
from autograder.nbgrader_plugin.grading_context import GradingContext
from autograder.submission import companion_files
from autograder.submission.finder import find_notebook, read_chosen_file
from autograder.submission.reader import parse_notebook
from autograder.submission.restore import released_notebook
from autograder.submission.submitted_file import Rejection
from autograder.submission.submitted_folder import SubmittedFolder
from autograder.submission.timestamp import SubmissionTime
from autograder.verdict import Report, Status, first_status

MAX_WARNINGS = 20  # of one submission


@dataclass(frozen=True)
class GradedSubmission:
    """A graded submission: what goes into the gradebook, and the files that go into ``autograded/``.

    ``notebooks`` and ``texts`` (the graded notebooks as JSON) are by the names of notebooks; ``written_files`` were
    written by the cells, ``warnings`` is what nbgrader would have logged. ``display_notes`` say what a marker sees
    differently from the submission, ``is_new_work`` is as in `StudentSubmission`.
    """

    record: GradingRecord
    time: SubmissionTime
    notebooks: Mapping[str, CellScores]
    texts: Mapping[str, str]
    written_files: Mapping[str, bytes]
    warnings: tuple[str, ...]
    display_notes: tuple[str, ...] = ()
    is_new_work: bool = True

    @property
    def student(self) -> str:
        """The student's id."""
        return self.record.student

    @property
    def reports(self) -> list[Report]:
        """The reports on all exercises in the submission."""
        return [report for notebook in self.notebooks.values() for report in notebook.reports.values()]

    def scores_by_cell(self) -> dict[str, float | None]:
        """Return the automatic scores of all notebooks, by the names of cells."""
        return {cell: score for notebook in self.notebooks.values() for cell, score in notebook.scores.items()}


class SubmissionGrader:
    """Run the configured nbgrader preprocessors. Setting them up is slow: build one grader per worker and reuse it."""

    def __init__(self, bundle: AssignmentBundle, root: Path) -> None:
        """``root`` is a course directory with the bundle's files in it."""
        self.bundle = bundle
        self._course = load_course(root)
        self._warnings = _WarningLog()
        self._log = self._warnings.log
        self._renderer: FeedbackRenderer | None = None
        self._config = config = deepcopy(bundle.config)
        config.CourseDirectory.root = str(root)
        directory = CourseDirectory(config=config, log=self._log, assignment_id=bundle.assignment)
        converter = Autograde(coursedir=directory, config=config, log=self._log)
        self._pipeline = NotebookPipeline(NotebookExporter(parent=converter, config=config))

    def grade(self, submission: StudentSubmission) -> GradedSubmission:
        """Do everything that `nbgrader autograde` does with a submission, except writing files and the gradebook."""
        started = monotonic()
        self._warnings.clear()
        notebooks: dict[str, CellScores] = {}
        texts: dict[str, str] = {}
        display_notes: list[str] = []
        for notebook in self.bundle.notebooks:
            scores, text, notes = self._grade_notebook(notebook, submission)
            notebooks[notebook.name], texts[notebook.name] = scores, text
            display_notes += notes
        status, message = first_status(_statuses(submission, notebooks.values()))
        isolation_levels = (level for scores in notebooks.values() for level in scores.isolation_levels())
        record = GradingRecord(
            student=submission.student,
            assignment=self.bundle.assignment,
            fingerprint=submission.fingerprint,
            status=status,
            message=message,
            isolation=next(filter(None, isolation_levels), ""),
            seconds=monotonic() - started,
            work=submission.work,
            parts=submission.parts,
        )
        written_files: dict[str, bytes] = {}
        for scores in notebooks.values():
            written_files |= scores.execution.written if scores.execution else {}
        return GradedSubmission(
            record,
            submission.time,
            notebooks,
            texts,
            written_files,
            self._warnings.first(MAX_WARNINGS),
            tuple(display_notes),
            submission.is_new_work,
        )

    def reject(self, submission: StudentSubmission, rejection: Rejection) -> GradedSubmission:
        """Return the submission with nothing in it judged."""
        return self.grade(replace(submission, folder=SubmittedFolder(submission.folder.path, problem=rejection)))

    def render_feedback(self, texts: Mapping[str, str], grades: Sequence[NotebookGrades]) -> dict[str, str]:
        """Return the feedback pages of a student's graded notebooks, by the names of notebooks."""
        if self._renderer is None:
            self._renderer = FeedbackRenderer(self._config)
        return {
            notebook.notebook: self._renderer.page(texts[notebook.notebook].encode(), notebook) for notebook in grades
        }

    def _grade_notebook(
        self, notebook: AssignmentNotebook, submission: StudentSubmission
    ) -> tuple[CellScores, str, tuple[str, ...]]:
        """Return the scores, the graded notebook as JSON, and what a marker sees differently."""
        names = [known.name for known in self.bundle.notebooks]
        if submission.chosen_file:
            file = read_chosen_file(submission.folder, submission.chosen_file, self.bundle.instructors)
        else:
            file = find_notebook(submission.folder, notebook.name, notebook.release, names, self.bundle.instructors)
        submitted = file if isinstance(file, Rejection) else parse_notebook(file, notebook.release)
        grading_context.log_notes(self._log, submitted)
        siblings = {} if isinstance(file, Rejection) else file.siblings
        files = companion_files.merge_files(self.bundle.instructors, siblings)
        files = companion_files.merge_files(files, submission.files)
        files = companion_files.fit_to_limits(files, self.bundle.instructors, files.get, self._log)
        context = GradingContext(notebook.release, self._course, submission.seed, submitted, files)
        ids = {"student": submission.student, "assignment": self.bundle.assignment, "notebook": notebook.name}
        resources: dict[str, Any] = {"nbgrader": ids}
        context.attach_to(resources)
        nb = nbformat.from_dict(submitted.notebook or released_notebook(notebook.release))
        nb, resources = self._pipeline.sanitize(nb, resources, notebook)
        nb, resources = self._pipeline.judge(nb, resources)
        scores = collect_scores(nb, resources, context, self._log)
        nb, notes = self._pipeline.clean(nb, resources)
        return scores, _as_text(nb), notes


class _WarningLog(logging.Handler):
    """Collects the warnings that are logged while a submission is graded."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.log = logging.Logger("autograder.submission_grader")  # without the root logger, so nothing is printed
        self.log.addHandler(self)
        self._texts: list[str] = []

    def clear(self) -> None:
        self._texts.clear()

    def first(self, count: int) -> tuple[str, ...]:
        """Return up to ``count`` warnings, without repetitions."""
        return tuple(dict.fromkeys(self._texts[:count]))

    def emit(self, record: logging.LogRecord) -> None:
        self._texts.append(record.getMessage())


def _statuses(submission: StudentSubmission, notebooks: Iterable[CellScores]) -> Iterator[tuple[Status, str]]:
    for scores in notebooks:
        yield from scores.statuses()
    if submission.time.problem:
        yield Status.NEEDS_LOOK, submission.time.problem


def _as_text(nb: NotebookNode) -> str:
    text = str(nbformat.v4.writes(nb))
    return text if text.endswith("\n") else f"{text}\n"
