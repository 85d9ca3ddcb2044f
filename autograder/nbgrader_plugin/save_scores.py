"""The preprocessor that writes a graded notebook into the gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.course import seeds
from autograder.formatting import strip_control_characters
from autograder.gradebook import acceptances, held_results, secret_fingerprint, tables, verdict_table
from autograder.gradebook.grade_rules import needs_manual_grade
from autograder.gradebook.held_results import HeldResult
from autograder.gradebook.verdict_table import GradingRecord
from autograder.history.entries import Author
from autograder.history.gradebook_state import record_changes
from autograder.nbgrader_plugin import grading_context
from autograder.nbgrader_plugin.cell_scores import (
    HELD,
    cells_in_doubt,
    collect_scores,
    has_verdict,
    loses_scores,
    why_held,
)
from autograder.nbgrader_plugin.course_lookup import course_directory, find_converter
from autograder.nbgrader_plugin.timestamps import submission_time
from autograder.submission.submitted_work import read_submitted_work
from autograder.verdict import Status, first_status


@dataclass(frozen=True)
class _FlagRules:
    """What `needs_manual_grade` has to know about a notebook."""

    in_doubt: frozenset[str]
    is_settled: bool
    is_same_work: bool


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
        self._submitted_folder = grading_context.submitted_path(course_directory(self), ids).parent
        self._cell_scores = collect_scores(nb, resources, grading_context.get_context(self, resources), self.log)
        self.gradebook = Gradebook(ids["db_url"])
        with self.gradebook:
            with self.gradebook.engine.begin() as connection:
                tables.create_tables(connection)
            record = self._grading_record()
            if self._loses_verdict():
                self._hold(record)
                resources[HELD] = True
                return nb, resources
            self._flags = self._flag_rules(record)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            reports = list(self._cell_scores.reports.values())
            verdict_table.save_gradings(self.gradebook.db, [(record, reports)])
            held_results.delete_held_results(self.gradebook.db, self.assignment_id, [self.student_id])
            root = Path(course_directory(self).root)
            secret_fingerprint.save_fingerprint(self.gradebook.db, seeds.fingerprint(root))
            self.gradebook.db.flush()
            author = Author(f"nbgrader autograde {self.assignment_id}")
            record_changes(self.gradebook.db.connection(), author, self.assignment_id, [self.student_id])
            self.gradebook.db.commit()
        return nb, resources

    def _loses_verdict(self) -> bool:
        """Whether there is no verdict on this notebook, but an earlier one is stored."""
        status, _ = first_status(self._own_statuses())
        if has_verdict({self.notebook_id: self._cell_scores}, status):
            return False
        notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
        stored = {grade.name: grade.auto_score for grade in notebook.grades}
        return loses_scores(stored, self._cell_scores.scores)

    def _hold(self, record: GradingRecord) -> None:
        """Keep the stored verdict with its graded notebook and time, and have the submission wait."""
        status, message = first_status(self._own_statuses())
        reason = why_held(status, message)
        held = HeldResult(self.student_id, self.assignment_id, status, reason, record.work)
        held_results.hold_results(self.gradebook.db, [held])
        self.gradebook.db.commit()
        self.log.error("%s, %s: %s", self.student_id, self.assignment_id, strip_control_characters(reason))
        find_converter(self).keep_earlier_grading(self.assignment_id, self.student_id)

    def _grading_record(self) -> GradingRecord:
        """Return the record of the whole submission, of which other notebooks may have been graded before."""
        key = (self.gradebook.db, self.assignment_id, self.student_id)
        self._record_before = verdict_table.load_grading_record(*key)
        self._work = read_submitted_work(self._submitted_folder)
        statuses = verdict_table.load_verdict_statuses(*key)
        for report in self._cell_scores.reports.values():
            statuses.pop(report.exercise, None)
        status, message = first_status([*self._own_statuses(), *statuses.values()])
        return GradingRecord(
            student=self.student_id,
            assignment=self.assignment_id,
            fingerprint=self._record_before.fingerprint if self._record_before else "",
            status=status,
            message=message,
            isolation=next(filter(None, self._cell_scores.isolation_levels()), ""),
            seconds=0.0,
            work=self._work.fingerprint,
            parts=self._record_before.parts if self._record_before else "",
        )

    def _own_statuses(self) -> Iterator[tuple[Status, str]]:
        """Yield every status that applies to this notebook or to the time of submission, with its message."""
        yield from self._cell_scores.statuses()
        time = submission_time(course_directory(self), self.student_id, self.assignment_id)
        if time.problem:
            yield Status.NEEDS_LOOK, time.problem

    def _flag_rules(self, record: GradingRecord) -> _FlagRules:
        """Return what decides, besides its scores, whether a graded cell waits for an instructor."""
        status, _ = first_status(self._own_statuses())
        acceptance = acceptances.load_acceptance(self.gradebook.db, self.assignment_id, self.student_id)
        before = self._record_before
        # One record stands for all notebooks, and that of another may have been written a moment ago.
        has_one_notebook = len(self.gradebook.find_assignment(self.assignment_id).notebooks) == 1
        return _FlagRules(
            in_doubt=cells_in_doubt({self.notebook_id: self._cell_scores}, status)[self.notebook_id],
            is_settled=acceptance is not None and acceptance.settles(record.work),
            is_same_work=has_one_notebook and before is not None and before.is_of(record.work, self._work.modified),
        )

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self._cell_scores.scores[name]
        grade.needs_manual_grade = needs_manual_grade(
            grade.auto_score,
            grade.manual_score,
            in_doubt=name in self._flags.in_doubt,
            is_settled=self._flags.is_settled,
            was_flagged=grade.needs_manual_grade or not self._flags.is_same_work,
        )

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = self._cell_scores.comments[name]
