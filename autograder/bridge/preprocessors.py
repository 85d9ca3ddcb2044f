"""The three classes that put the judge in place of nbgrader's own execution.

``Rebuild`` goes first in ``Autograde.sanitize_preprocessors``; ``Judge`` stands in place of ``Execute`` and
``SaveScores`` in place of ``SaveAutoGrades`` in ``Autograde.autograde_preprocessors``. Which cell belongs to an
exercise is said by the released notebook alone.
"""

from __future__ import annotations

import json
import math
import os
import platform
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.converters import NbGraderException
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, SaveAutoGrades

from autograder import grading, seeds, show
from autograder.bridge import executing, table
from autograder.bridge.context import course_directory, course_of
from autograder.bridge.outputs import outputs
from autograder.course import Course, load_course
from autograder.exercise import Exercise
from autograder.rebuild import Altered, Notebook, rebuild
from autograder.released import loading
from autograder.sandbox import Limits
from autograder.submission import Submission, Unusable, check
from autograder.verdict import Report, Status

REPORTS = "attention-course"  # where Judge leaves its reports for SaveScores, by the name of the graded cell
_NOT_RUN = "attention-course: not run"  # and the names of the graded cells that have no result
_LANGUAGE = {  # what a Python kernel says of itself
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
_NOT_EXECUTED = (
    "The notebook was not executed, so nothing was judged. Run nbgrader autograde --force without --no-execute."
)
Converted = tuple[NotebookNode, dict[str, Any]]


class Rebuild(NbGraderPreprocessor):
    """Rebuild a submission from its release, so that nothing in it decides what is graded, and how."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Converted:
        """The rebuilt notebook; one of an assignment that is not of this kind stays as it is."""
        _check(self, resources)
        path, release = _release(self, resources)
        ours = [cell for cell in nb.cells if _function(cell)]
        if release is None and ours and not path.exists():
            raise NbGraderException(f"{path} is not there, and a submission is graded by it. {_again(resources)}")
        if release is None:
            for cell in ours:  # the student wrote that, and it would pass for an exercise
                del cell.metadata["autograder"]
            return nb, resources
        notebook, notes, altered = _rebuilt(release, nb)
        for note in (*notes, altered):
            if note:
                self.log.warning("%s", show.plain(note))  # names of cells are the student's
        return nbformat.from_dict(notebook), resources


class Judge(Execute):
    """Judge the exercises of a notebook in the sandbox; its other cells are run there, and scored as by nbgrader.

    ``Execute.enabled`` and ``--no-execute`` are honoured. Where somebody set ``Execute.timeout``, the smaller one of it
    and of ``limits.seconds`` in course.yml holds for the exercises. No kernel is started.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any], km: Any = None) -> Converted:
        """The notebook with reasons and a score in each graded cell."""
        notes, altered = _what_was_put_right(self, resources)
        ours = [cell for cell in nb.cells if _function(cell)]
        others = [
            cell for cell in nb.cells if utils.is_grade(cell) and not utils.is_solution(cell) and cell not in ours
        ]
        if (others or not ours) and not altered:
            resources[_NOT_RUN] = self._execute(nb, resources)
        submission = Submission(tuple(loading.sources(_plain(nb))), notes)
        for cell in ours:
            report = self._judge(cell, submission, resources, altered)
            cell.outputs = outputs(report)
            cell.source = cell.source.split("\n### BEGIN HIDDEN TESTS")[0]  # it says nothing to those who read feedback
            resources.setdefault(REPORTS, {})[cell.metadata.nbgrader.grade_id] = report
        return nb, resources

    def _execute(self, nb: NotebookNode, resources: dict[str, Any]) -> set[str]:
        """Run the notebook's other cells in the sandbox; the names of the graded ones that could not be run."""
        self.nb = nb
        spec = self.create_kernel_manager().kernel_spec  # a kernel that is not there raises as ever
        if spec.language.lower() != "python":
            why = f"The kernel {self.kernel_name} is not run here: only Python is. A person has to mark this notebook."
            return executing.refuse(nb, _is_ours, why)
        nb.metadata["language_info"] = {**_LANGUAGE, "version": platform.python_version()}
        folder, about, course = course_directory(self), resources["nbgrader"], course_of(self)
        student, assignment = about["student"], about["assignment"]
        conditions = executing.Conditions(
            folder=Path(resources["metadata"]["path"]),
            submitted=Path(folder.format_path(folder.submitted_directory, student, assignment)),
            source=Path(folder.format_path(folder.source_directory, ".", assignment)),
            limits=course.limits if course else Limits(),
            seconds=lambda cell: self._get_timeout(cell) or math.inf,
            late=self.error_on_timeout or Execute.error_on_timeout.default(),
            environment={"NBGRADER_EXECUTION": os.environ.get("NBGRADER_EXECUTION", "autograde")},
        )
        return executing.execute(nb, _is_ours, conditions, self.log)

    def _judge(self, cell: NotebookNode, found: Submission, resources: dict[str, Any], altered: str) -> Report:
        if altered:
            return _no_verdict(self, _function(cell), resources, Status.ALTERED, altered)
        course, exercise, seed = _asked(self, _function(cell), resources)
        points = cell.metadata.nbgrader.points
        if points != exercise.max_score:
            text = f"The gradebook gives {exercise.function} {points:g} points, course.yml {exercise.max_score:g}."
            return _no_verdict(self, _function(cell), resources, Status.NOT_GRADED, f"{text} {_again(resources)}")
        limits = replace(course.limits, seconds=min(course.limits.seconds, self._longest()))
        return grading.grade(found, exercise, path=resources["nbgrader"]["notebook"], seed=seed, limits=limits)

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
        _, self._altered = _what_was_put_right(self, resources)
        self._reports: dict[str, Report] = resources.get(REPORTS, {})
        for cell in nb.cells:
            if _function(cell) and cell.metadata.nbgrader.grade_id not in self._reports:
                status = Status.ALTERED if self._altered else Status.NOT_GRADED
                report = _no_verdict(self, _function(cell), resources, status, self._altered or _NOT_EXECUTED)
                self._reports[cell.metadata.nbgrader.grade_id] = report
        with self.gradebook:
            table.create(self.gradebook.engine)
            nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
            for report in self._reports.values():
                table.save(self.gradebook.db, self.student_id, self.assignment_id, report)
            self.gradebook.db.commit()
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if self._altered:
            grade.auto_score = None
        elif _function(cell):
            grade.auto_score = self._reports[name].score
        elif name in resources.get(_NOT_RUN, ()):
            grade.auto_score = None
        else:
            grade.auto_score, _ = utils.determine_grade(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None

    def _add_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
        comment.auto_comment = "No response." if untouched else None


def _release(preprocessor: Any, resources: dict[str, Any]) -> tuple[Path, Notebook | None]:
    """Where the released notebook lies; and the notebook, where it was built by this course or has exercises of ours.

    Only such a release says what is graded, and how: a submission may say of itself what it likes.
    """
    folder, about = course_directory(preprocessor), resources["nbgrader"]
    path = Path(folder.format_path(folder.release_directory, ".", about["assignment"])) / f"{about['notebook']}.ipynb"
    if not path.is_file():
        return path, None
    release = json.loads(path.read_text(encoding="utf-8"))
    built = "autograder" in release["metadata"]
    return path, release if built or any(_function(cell) for cell in release["cells"]) else None


def _rebuilt(release: Notebook, nb: NotebookNode) -> tuple[Notebook, tuple[str, ...], str]:
    """The notebook to grade, what was put right in it, and why nothing could be matched where that is so."""
    try:
        return (*rebuild(release, _plain(nb)), "")
    except Altered as altered:
        return altered.notebook, (), str(altered)


def _what_was_put_right(preprocessor: Any, resources: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """What `Rebuild` noted, and why nothing matched; found out again from the submission, so not to be forged."""
    _, release = _release(preprocessor, resources)
    if release is None:
        return (), ""
    _, notes, altered = _rebuilt(release, nbformat.read(_submitted(preprocessor, resources), as_version=4))
    return notes, altered


def _submitted(preprocessor: Any, resources: dict[str, Any]) -> Path:
    """Where the submitted notebook lies."""
    folder, about = course_directory(preprocessor), resources["nbgrader"]
    path = Path(folder.format_path(folder.submitted_directory, about["student"], about["assignment"]))
    return path / f"{about['notebook']}.ipynb"


def _check(preprocessor: Any, resources: dict[str, Any]) -> None:
    """Grade no link, which could lead to another's work, and nothing huge."""
    path = _submitted(preprocessor, resources)
    try:
        check(path)
    except Unusable as error:
        raise NbGraderException(f"{path} is not graded. {error}") from None


def _asked(preprocessor: Any, function: str, resources: dict[str, Any]) -> tuple[Course, Exercise, int]:
    """The course, its exercise, and the seed of this student's submission."""
    course = course_of(preprocessor) or load_course(Path(course_directory(preprocessor).root))
    about = resources["nbgrader"]
    return course, course.exercise(function), seeds.seed_for(course.root, about["assignment"], about["student"])


def _no_verdict(preprocessor: Any, function: str, resources: dict[str, Any], status: Status, message: str) -> Report:
    _, exercise, seed = _asked(preprocessor, function, resources)
    return grading.no_verdict(resources["nbgrader"]["notebook"], exercise, status, message, seed=seed)


def _again(resources: dict[str, Any]) -> str:
    """What to do when release, gradebook and course.yml do not belong together."""
    name = resources["nbgrader"]["assignment"]
    return f"Run: nbgrader generate_assignment {name} --force; then: nbgrader autograde {name} --force"


def _function(cell: Any) -> str:
    """The exercise that a graded cell belongs to; empty for any other cell."""
    grading_data, ours = cell["metadata"].get("nbgrader"), cell["metadata"].get("autograder")
    if not (isinstance(grading_data, dict) and grading_data.get("grade") and isinstance(ours, dict)):
        return ""
    return str(ours.get("exercise", ""))


def _is_ours(cell: Any) -> bool:
    return bool(_function(cell))


def _plain(nb: NotebookNode) -> Notebook:
    """A notebook as plain data."""
    notebook: Notebook = json.loads(json.dumps(nb))
    return notebook
