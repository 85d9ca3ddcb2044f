"""The three classes that put the judge in place of nbgrader's own execution.

``Rebuild`` goes first in ``Autograde.sanitize_preprocessors``; ``Judge`` stands in place of ``Execute`` and
``SaveScores`` in place of ``SaveAutoGrades`` in ``Autograde.autograde_preprocessors``.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from autograder import grading, seeds
from autograder.bridge import table
from autograder.bridge.context import course_directory, course_of
from autograder.bridge.late import write_dates
from autograder.bridge.outputs import outputs
from autograder.course import load_course
from autograder.rebuild import Altered, Notebook, rebuild
from autograder.released import loading
from autograder.submission import Submission
from autograder.verdict import Report, Status

_REPORTS = "attention-course"  # where Judge leaves its reports for SaveScores, by the name of the graded cell
Converted = tuple[NotebookNode, dict[str, Any]]


class Rebuild(NbGraderPreprocessor):
    """Rebuild a submission from its release, so that nothing in it decides what is graded, and how."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """The rebuilt notebook; notebooks of assignments without an exercise of ours are left as they are."""
        release = _release(self, resources)
        if release is None:
            return nb, resources
        try:
            notebook, notes = rebuild(release, _plain(nb))
        except Altered as altered:
            notebook, notes = altered.notebook, (str(altered),)
        for note in notes:
            self.log.warning("%s", note)
        return nbformat.from_dict(notebook), resources


class Judge(Execute):
    """Judge the exercises of a notebook in the sandbox; other graded cells are executed exactly as by nbgrader.

    ``Execute.enabled`` and ``--no-execute`` are honoured. Of ``Execute.timeout`` and ``limits.seconds`` in course.yml
    the smaller one holds for the exercises.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any], km: Any = None) -> Converted:
        """The notebook with reasons and a score in each graded cell."""
        ours = [cell for cell in nb.cells if _function(cell)]
        if not ours or any(
            utils.is_grade(cell) and not utils.is_solution(cell) and cell not in ours for cell in nb.cells
        ):
            nb, resources = self._execute(nb, resources, km)
            ours = [cell for cell in nb.cells if _function(cell)]
        notes, altered = self._what_was_put_right(resources)
        submission = Submission(tuple(loading.sources(_plain(nb))), notes)
        for cell in ours:
            report = self._judge(_function(cell), submission, resources, altered)
            cell.outputs = outputs(report)
            cell.source = cell.source.split("\n### BEGIN HIDDEN TESTS")[0]  # it says nothing to those who read feedback
            resources.setdefault(_REPORTS, {})[cell.metadata.nbgrader.grade_id] = report
        return nb, resources

    def _execute(self, nb: NotebookNode, resources: dict[str, Any], km: Any) -> Converted:
        """Run the notebook as nbgrader does, our graded cells blank meanwhile."""
        sources = {cell.id: cell.source for cell in nb.cells if _function(cell)}
        for cell in nb.cells:
            cell.source = "" if cell.get("id") in sources else cell.source
        nb, resources = super().preprocess(nb, resources, km)
        for cell in nb.cells:
            cell.source = sources.get(cell.get("id"), cell.source)
        return nb, resources

    def _judge(self, function: str, found: Submission, resources: dict[str, Any], altered: str) -> Report:
        about = resources["nbgrader"]
        course = course_of(self) or load_course(Path(course_directory(self).root))
        exercise = course.exercise(function)
        seed = seeds.seed_for(course.root, about["assignment"], about["student"])
        if altered:
            return grading.no_verdict(about["notebook"], exercise, Status.ALTERED, altered, seed=seed)
        seconds = min(course.limits.seconds, self.timeout or course.limits.seconds)
        limits = replace(course.limits, seconds=seconds)
        return grading.grade(found, exercise, path=about["notebook"], seed=seed, limits=limits)

    def _what_was_put_right(self, resources: dict[str, Any]) -> tuple[tuple[str, ...], str]:
        """What `Rebuild` noted, and why nothing matched; found out again from the submission, so not to be forged."""
        release, about, folder = _release(self, resources), resources["nbgrader"], course_directory(self)
        path = Path(folder.format_path(folder.submitted_directory, about["student"], about["assignment"]))
        if release is None:
            return (), ""
        try:
            _, notes = rebuild(release, loading.read_notebook(path / f"{about['notebook']}.ipynb"))
        except Altered as altered:
            return (), str(altered)
        return notes, ""


class SaveScores(SaveAutoGrades):
    """Write a notebook's scores, comments, dates and verdicts in one commit.

    A graded cell of ours gets the score of its report, never a number out of the notebook. Where there is no report or
    no verdict, the score is NULL and a person is asked.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """Save everything; on an exception nothing is saved."""
        about = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = about["notebook"], about["assignment"], about["student"]
        self.gradebook = Gradebook(about["db_url"])
        self._reports: dict[str, Report] = resources.get(_REPORTS, {})
        with self.gradebook:
            table.create(self.gradebook.engine)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            for report in self._reports.values():
                table.save(self.gradebook.db, self.student_id, self.assignment_id, report)
            write_dates(self.gradebook, course_of(self), self.assignment_id, self.student_id, self.log)
            self.gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if _function(cell):
            report = self._reports.get(name)
            grade.auto_score = report.score if report else None
        else:
            grade.auto_score, _ = utils.determine_grade(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
        comment.auto_comment = "No response." if untouched else None


def _release(preprocessor: Any, resources: dict[str, Any]) -> Notebook | None:
    """The released notebook, where it has an exercise of ours or is one of the course's own."""
    folder, about = course_directory(preprocessor), resources["nbgrader"]
    path = Path(folder.format_path(folder.release_directory, ".", about["assignment"])) / f"{about['notebook']}.ipynb"
    if not path.is_file():
        return None
    release = json.loads(path.read_text(encoding="utf-8"))
    return release if any(_function(cell) for cell in release["cells"]) else None


def _function(cell: Any) -> str:
    """The exercise that a graded cell belongs to; empty for any other cell."""
    if not cell["metadata"].get("nbgrader", {}).get("grade"):
        return ""
    return str(cell["metadata"].get("autograder", {}).get("exercise", ""))


def _plain(nb: NotebookNode) -> Notebook:
    """A notebook as plain data."""
    notebook: Notebook = json.loads(json.dumps(nb))
    return notebook
