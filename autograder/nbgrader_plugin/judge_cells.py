"""The preprocessor that judges the exercises of a notebook and runs its other cells."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import Execute

from autograder.feedback.report_outputs import report_outputs
from autograder.grading import grader
from autograder.nbgrader_plugin import cell_execution, grading_context
from autograder.nbgrader_plugin.cell_execution import ExecutionResult, ExecutionSettings
from autograder.nbgrader_plugin.cell_scores import EXECUTION, REPORTS, rejected_report
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.grading_context import GradingContext, has_exercise
from autograder.nbgrader_plugin.restore_submission import how_to_regenerate
from autograder.sandbox import Limits
from autograder.submission import companion_files
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Report, Status

_LANGUAGE_INFO = {  # what a Python kernel reports about itself
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": platform.python_version(),
}


class JudgeCells(Execute):
    """Judge the exercises of a notebook in the sandbox; run its other cells there, to be scored as nbgrader does.

    ``Execute.enabled`` and ``--no-execute`` are honoured. If ``Execute.timeout`` is set, the smaller of it and
    ``limits.seconds`` in course.yml applies to the exercises. No kernel is started.
    Stands in place of ``Execute`` in ``Autograde.autograde_preprocessors``.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: Any = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook with reasons and a score in each graded cell."""
        context = grading_context.get_context(self, resources)
        exercise_cells = [cell for cell in nb.cells if has_exercise(cell)]
        if context.rejection is None and (not exercise_cells or any(map(_is_ordinary_test, nb.cells))):
            resources[EXECUTION] = self._execute(nb, resources, context)
        for cell in exercise_cells:
            report = self._judge(cell, resources, context)
            cell.outputs = report_outputs(report)
            # The hidden tests only guard against a missing `JudgeCells`: they tell a reader of the feedback nothing.
            cell.source = cell.source.split("\n### BEGIN HIDDEN TESTS")[0]
            resources.setdefault(REPORTS, {})[cell.metadata.nbgrader.grade_id] = report
        return nb, resources

    def _judge(self, cell: NotebookNode, resources: dict[str, Any], context: GradingContext) -> Report:
        assert context.submission is not None, "a notebook with exercises has a release"
        if context.rejection:
            return rejected_report(cell, resources, context, context.rejection)
        exercise, points = context.exercise_of(cell), cell.metadata.nbgrader.points
        if points != exercise.max_score:
            message = (
                f"The gradebook gives {exercise.function} {points:g} points, course.yml {exercise.max_score:g}. "
                f"{how_to_regenerate(resources['nbgrader']['assignment'])}"
            )
            return rejected_report(cell, resources, context, Rejection(Status.NOT_GRADED, message))
        assert context.course is not None, "a release with exercises belongs to a course"
        limits = context.course.limits
        limits = replace(limits, seconds=min(limits.seconds, self._configured_timeout()))
        path = resources["nbgrader"]["notebook"]
        files = self._files_beside(resources, context)
        return grader.grade_submission(
            context.submission, exercise, path=path, seed=context.seed, limits=limits, files=files
        )

    def _configured_timeout(self) -> float:
        """Return ``Execute.timeout`` in seconds if it is set; nbgrader's default is meant for a kernel."""
        is_set = any("timeout" in self.config[name] for name in self.section_names() if name in self.config)
        return self.timeout if is_set and self.timeout and self.timeout > 0 else math.inf

    def _execute(self, nb: NotebookNode, resources: dict[str, Any], context: GradingContext) -> ExecutionResult:
        """Run the notebook's other cells in the sandbox."""
        self.nb = nb
        kernel = self.create_kernel_manager().kernel_spec  # raises if the kernel is not installed, as in nbgrader
        if kernel.language.lower() != "python":
            reason = (
                f"The kernel {self.kernel_name} is not run here: only Python is. Grade this notebook in formgrader."
            )
            return cell_execution.refuse(nb, has_exercise, reason)
        nb.metadata["language_info"] = _LANGUAGE_INFO
        execution = self._execute_beside(self._files_beside(resources, context), nb, context)
        if context.files is None:
            folder = Path(resources["metadata"]["path"])
            companion_files.write_outputs(folder, execution.written, self._instructor_files(resources), self.log)
        return execution

    def _files_beside(self, resources: dict[str, Any], context: GradingContext) -> Mapping[str, bytes]:
        """Return the files that lie beside the notebook, by their paths in its folder."""
        if context.files is not None:
            return context.files
        folder = Path(resources["metadata"]["path"])
        submitted = grading_context.submitted_path(course_directory(self), resources["nbgrader"]).parent
        found = companion_files.collect_inputs(folder, submitted, self._instructor_files(resources), self.log)
        return companion_files.merge_files(found, context.siblings)

    def _instructor_files(self, resources: dict[str, Any]) -> frozenset[str]:
        directory = course_directory(self)
        source = directory.format_path(directory.source_directory, ".", resources["nbgrader"]["assignment"])
        return companion_files.file_names(Path(source))

    def _execute_beside(self, files: Mapping[str, bytes], nb: NotebookNode, context: GradingContext) -> ExecutionResult:
        settings = ExecutionSettings(
            files=files,
            limits=context.course.limits if context.course else Limits(),
            seconds=lambda cell: self._get_timeout(cell) or math.inf,
            timeout_error=self.error_on_timeout or Execute.error_on_timeout.default(),
            environment={"NBGRADER_EXECUTION": os.environ.get("NBGRADER_EXECUTION", "autograde")},
        )
        return cell_execution.execute(nb, has_exercise, settings, self.log)


def _is_ordinary_test(cell: NotebookNode) -> bool:
    """Whether nbgrader's own rule scores a cell by its outputs."""
    return bool(utils.is_grade(cell) and not utils.is_solution(cell) and not has_exercise(cell))
