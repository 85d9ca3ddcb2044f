"""The three classes that put the judge in place of nbgrader's own execution.

``Rebuild`` goes first in ``Autograde.sanitize_preprocessors``; ``Judge`` stands in place of ``Execute`` and
``SaveScores`` in place of ``SaveAutoGrades`` in ``Autograde.autograde_preprocessors``. Which cell belongs to an
exercise is said by the released notebook alone.
"""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from autograder import formatting
from autograder.course.settings import Course
from autograder.exercise import Exercise
from autograder.feedback.report_outputs import report_outputs
from autograder.gradebook import verdict_table
from autograder.grading import grader
from autograder.nbgrader_plugin import cell_execution, grading_context
from autograder.nbgrader_plugin.cell_execution import ExecutionResult
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.grading_context import GradingContext, Rejection, function_of
from autograder.sandbox import Limits
from autograder.student_files import loading
from autograder.submission import companion_files
from autograder.submission.reader import Submission, UnusableSubmissionError, check_file
from autograder.verdict import Report, Status

REPORTS = "attention-course"  # where Judge leaves its reports for SaveScores, by the name of the graded cell,
EXECUTED = "attention-course: executed"  # and what came of the other cells
_LANGUAGE = {  # what a Python kernel says of itself
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_NOT_EXECUTED = Rejection(
    Status.NOT_GRADED,
    "The notebook was not executed, so nothing was judged. Run nbgrader autograde --force without --no-execute.",
)
Converted = tuple[NotebookNode, dict[str, Any]]


class Rebuild(NbGraderPreprocessor):
    """Rebuild a submission from its release, so that nothing in it decides what is graded, and how."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """The rebuilt notebook; one of an assignment that is not of this kind stays as it is."""
        _check(self, resources)
        path, release = grading_context.release(course_directory(self), *_names(resources))
        ours = [cell for cell in nb.cells if function_of(cell)]
        if release is None and ours and not path.exists():
            raise NbGraderException(f"{path} is not there, and a submission is graded by it. {_again(resources)}")
        if release is None:
            for cell in ours:  # the student wrote that, and it would pass for an exercise
                del cell.metadata["autograder"]
            return nb, resources
        notebook, notes, refused = grading_context.rebuilt(release, grading_context.plain(nb))
        for note in (*notes, *([refused.message] if refused else [])):
            self.log.warning("%s", formatting.strip_control_characters(note))  # names of cells are the student's
        return nbformat.from_dict(notebook), resources


class Judge(Execute):
    """Judge the exercises of a notebook in the sandbox; its other cells are run there, and scored as by nbgrader.

    ``Execute.enabled`` and ``--no-execute`` are honoured. Where somebody set ``Execute.timeout``, the smaller one of it
    and of ``limits.seconds`` in course.yml holds for the exercises. No kernel is started.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any], km: Any = None) -> Converted:
        """The notebook with reasons and a score in each graded cell."""
        judged_by = grading_context.get_context(self, resources)
        ours = [cell for cell in nb.cells if function_of(cell)]
        others = [
            cell for cell in nb.cells if utils.is_grade(cell) and not utils.is_solution(cell) and cell not in ours
        ]
        if (others or not ours) and not judged_by.refused:
            resources[EXECUTED] = self._execute(nb, resources, judged_by)
        submission = Submission(tuple(loading.sources(grading_context.plain(nb))), judged_by.notes)
        for cell in ours:
            report = self._judge(cell, submission, resources, judged_by)
            cell.outputs = report_outputs(report)
            cell.source = cell.source.split("\n### BEGIN HIDDEN TESTS")[0]  # it says nothing to those who read feedback
            resources.setdefault(REPORTS, {})[cell.metadata.nbgrader.grade_id] = report
        return nb, resources

    def _execute(self, nb: NotebookNode, resources: dict[str, Any], judged_by: GradingContext) -> ExecutionResult:
        """Run the notebook's other cells in the sandbox."""
        self.nb = nb
        spec = self.create_kernel_manager().kernel_spec  # a kernel that is not there raises as ever
        if spec.language.lower() != "python":
            why = f"The kernel {self.kernel_name} is not run here: only Python is. A person has to mark this notebook."
            return cell_execution.refuse(nb, _is_ours, why)
        nb.metadata["language_info"] = {**_LANGUAGE, "version": platform.python_version()}
        course, files = judged_by.course, judged_by.files
        if files is None:
            folders, assignment = course_directory(self), resources["nbgrader"]["assignment"]
            folder = Path(resources["metadata"]["path"])
            submitted = grading_context.submitted(folders, resources["nbgrader"]).parent
            instructors = companion_files.file_names(
                Path(folders.format_path(folders.source_directory, ".", assignment))
            )
            files = companion_files.collect_inputs(folder, submitted, instructors, self.log)
        conditions = cell_execution.ExecutionSettings(
            files=files,
            limits=course.limits if course else Limits(),
            seconds=lambda cell: self._get_timeout(cell) or math.inf,
            late=self.error_on_timeout or Execute.error_on_timeout.default(),
            environment={"NBGRADER_EXECUTION": os.environ.get("NBGRADER_EXECUTION", "autograde")},
        )
        executed = cell_execution.execute(nb, _is_ours, conditions, self.log)
        if judged_by.files is None:
            companion_files.write_outputs(folder, executed.written, instructors, self.log)
        return executed

    def _judge(self, cell: NotebookNode, found: Submission, resources: dict[str, Any], by: GradingContext) -> Report:
        if by.refused:
            return _no_verdict(cell, resources, by, by.refused)
        course, exercise = _asked(cell, by)
        points = cell.metadata.nbgrader.points
        if points != exercise.max_score:
            text = f"The gradebook gives {exercise.function} {points:g} points, course.yml {exercise.max_score:g}."
            return _no_verdict(cell, resources, by, Rejection(Status.NOT_GRADED, f"{text} {_again(resources)}"))
        limits = replace(course.limits, seconds=min(course.limits.seconds, self._longest()))
        return grader.grade_submission(
            found, exercise, path=resources["nbgrader"]["notebook"], seed=by.seed, limits=limits
        )

    def _longest(self) -> float:
        """``Execute.timeout`` in seconds where somebody set it; nbgrader's own default is meant for a kernel."""
        is_set = any("timeout" in self.config[name] for name in self.section_names() if name in self.config)
        return self.timeout if is_set and self.timeout and self.timeout > 0 else math.inf


class SaveScores(SaveAutoGrades):
    """Write a notebook's scores, comments and verdicts in one commit.

    A graded cell of ours gets the score of its report, never a number out of the notebook. Where there is no verdict,
    and in a notebook that could not be matched to its release, the score is NULL and a person is asked.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """Save everything; on an exception nothing is saved."""
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = about["notebook"], about["assignment"], about["student"]
        self.gradebook = Gradebook(about["db_url"])
        self._found = collect_scores(nb, resources, grading_context.get_context(self, resources), self.log)
        with self.gradebook:
            verdict_table.create_tables(self.gradebook.engine)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            reports = [(self.student_id, report) for report in self._found.reports.values()]
            verdict_table.save_verdicts(self.gradebook.db, self.assignment_id, reports)
            self.gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self._found.scores[name]
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = self._found.comments[name]


@dataclass(frozen=True)
class CellScores:
    """What the gradebook is told of a notebook: scores and comments by the names of cells, and reports."""

    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    reports: Mapping[str, Report]


def collect_scores(nb: NotebookNode, resources: dict[str, Any], by: GradingContext, log: Logger) -> CellScores:
    """What the preprocessors before left in a notebook and its resources."""
    reports: dict[str, Report] = resources.get(REPORTS, {})
    for cell in nb.cells:
        if function_of(cell) and cell.metadata.nbgrader.grade_id not in reports:
            reports[cell.metadata.nbgrader.grade_id] = _no_verdict(cell, resources, by, by.refused or _NOT_EXECUTED)
    not_run = resources[EXECUTED].not_run if EXECUTED in resources else ()
    scores: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in nb.cells:
        if utils.is_grade(cell):
            name = cell.metadata.nbgrader.grade_id
            if by.refused:
                scores[name] = 0.0 if by.refused.status.has_score else None
            elif name in not_run:
                scores[name] = None
            elif name in reports:
                scores[name] = reports[name].score
            else:
                scores[name], _ = utils.determine_grade(cell, log)
        if utils.is_solution(cell) or utils.is_task(cell):
            same = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            untouched = same and not utils.is_task(cell)
            comments[cell.metadata.nbgrader.grade_id] = "No response." if untouched else None
    return CellScores(scores, comments, reports)


def _check(preprocessor: Any, resources: dict[str, Any]) -> None:
    """Grade no link, which could lead to another's work, and nothing huge."""
    path = grading_context.submitted(course_directory(preprocessor), resources["nbgrader"])
    try:
        check_file(path)
    except UnusableSubmissionError as error:
        raise NbGraderException(f"{path} is not graded. {error}") from None


def _asked(cell: NotebookNode, by: GradingContext) -> tuple[Course, Exercise]:
    """The course and its exercise."""
    assert by.course is not None  # whoever has a release of this kind has it
    return by.course, by.course.exercise(function_of(cell))


def _no_verdict(cell: NotebookNode, resources: dict[str, Any], by: GradingContext, why: Rejection) -> Report:
    _, exercise = _asked(cell, by)
    return grader.report_without_verdict(
        resources["nbgrader"]["notebook"], exercise, why.status, why.message, seed=by.seed
    )


def _names(resources: dict[str, Any]) -> tuple[str, str]:
    return resources["nbgrader"]["assignment"], resources["nbgrader"]["notebook"]


def _again(resources: dict[str, Any]) -> str:
    """What to do when release, gradebook and course.yml do not belong together."""
    name = resources["nbgrader"]["assignment"]
    return f"Run: nbgrader generate_assignment {name} --force; then: nbgrader autograde {name} --force"


def _is_ours(cell: Any) -> bool:
    return bool(function_of(cell))
