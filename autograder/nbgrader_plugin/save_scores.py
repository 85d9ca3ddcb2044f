"""The preprocessor that writes a graded notebook into the gradebook."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.gradebook import tables, verdict_table
from autograder.gradebook.grade_rules import needs_manual_grade
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_scores import collect_scores
from autograder.nbgrader_plugin.course_lookup import course_directory
from autograder.nbgrader_plugin.timestamps import submission_time
from autograder.verdict import Status, first_status


class SaveScores(SaveAutoGrades):
    """Write a notebook's scores, comments and verdicts in one commit.

    The graded cell of an exercise gets the score of its report, never a number from the notebook. Without a verdict,
    and in a notebook that could not be matched to its release, the score is NULL and the cell needs manual grading.
    Stands in place of ``SaveAutoGrades`` in ``Autograde.autograde_preprocessors``.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Save everything; after an exception nothing is saved."""
        ids = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = ids["notebook"], ids["assignment"], ids["student"]
        self._cell_scores = collect_scores(nb, resources, grading_context.get_context(self, resources), self.log)
        self.gradebook = Gradebook(ids["db_url"])
        with self.gradebook:
            with self.gradebook.engine.begin() as connection:
                tables.create_tables(connection)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            reports = list(self._cell_scores.reports.values())
            verdict_table.save_gradings(self.gradebook.db, [(self._grading_record(), reports)])
            self.gradebook.db.commit()
        return nb, resources

    def _grading_record(self) -> GradingRecord:
        """Return the record of the whole submission, of which other notebooks may have been graded before."""
        key = (self.gradebook.db, self.assignment_id, self.student_id)
        statuses = verdict_table.load_verdict_statuses(*key)
        for report in self._cell_scores.reports.values():
            statuses.pop(report.exercise, None)
        time = submission_time(course_directory(self), self.student_id, self.assignment_id)
        time_problems = [(Status.NEEDS_LOOK, time.problem)] if time.problem else []
        status, message = first_status([*self._cell_scores.statuses(), *statuses.values(), *time_problems])
        return GradingRecord(
            student=self.student_id,
            assignment=self.assignment_id,
            fingerprint=verdict_table.load_fingerprint(*key),
            status=status,
            message=message,
            isolation=next(filter(None, self._cell_scores.isolation_levels()), ""),
            seconds=0.0,
        )

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self._cell_scores.scores[name]
        grade.needs_manual_grade = needs_manual_grade(grade.auto_score, grade.manual_score)

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = self._cell_scores.comments[name]
