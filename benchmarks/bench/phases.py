"""Seconds by phase of grading a class: nbgrader's commands with our preprocessors, and `autograder grade`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import BaseConverter
from sqlalchemy.orm import Session as Database

from autograder.batch import student_submission
from autograder.batch.assignment_bundle import assignment_fingerprint, load_bundle
from autograder.batch.folders import ResultFolders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.result_writer import BATCH_SIZE
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.course import seeds
from autograder.course.settings import load_course
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.grading import grader
from autograder.nbgrader_plugin.late_penalties import CourseDates
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.nbgrader_plugin.timestamps import time_rules
from autograder.sandbox.function_session import FunctionSession
from autograder.sandbox.notebook_session import NotebookSession
from autograder.sandbox.session import Session
from autograder.submission.submitted_work import read_submitted_work
from bench.classes import ASSIGNMENT
from bench.clock import Clock

PHASES = ("judge", "sandbox", "notebook", "database", "feedback", "files")
_COMMON: dict[str, list[tuple[Any, str]]] = {
    "judge": [(grader, "grade_submission")],
    "sandbox": [(FunctionSession, name) for name in ("__init__", "load", "call")]
    + [(NotebookSession, name) for name in ("__init__", "run_cell", "written_files")]
    + [(Session, "__exit__")],
}
_STOCK = {
    **_COMMON,
    "database": [(Database, name) for name in ("execute", "scalars", "flush", "commit", "close")]
    + [(Gradebook, name) for name, member in vars(Gradebook).items() if callable(member) and name != "__repr__"],
    "files": [(BaseConverter, name) for name in ("init_destination", "set_permissions", "write_single_notebook")],
}
_BATCH = {
    **_COMMON,
    "notebook": [(SubmissionGrader, "grade")],
    "database": [(GradebookWriter, "save")],
    "feedback": [(SubmissionGrader, "render_feedback"), (ResultFolders, "write_feedback")],
    "files": [(student_submission, "read_student_submission"), (ResultFolders, "write_graded"), (os, "sync")],
}
GradedBatch = list[tuple[StudentSubmission, GradedSubmission]]


@dataclass(frozen=True)
class OpenCourse:
    """What `autograder grade` holds of a course directory while it grades."""

    grader: SubmissionGrader
    folders: ResultFolders
    gradebook: GradebookWriter
    read: Callable[[str], StudentSubmission]  # by the student's id

    def save(self, batch: GradedBatch) -> dict[str, list[NotebookGrades]]:
        """Write one batch into the gradebook."""
        return self.gradebook.save([graded for _, graded in batch])


@contextmanager
def open_course(root: Path) -> Iterator[OpenCourse]:
    """Open a course directory as `autograder grade` does."""
    course = load_course(root)
    with nbgrader_application(root) as app:
        course_directory, config = app.coursedir, app.config
        course_directory.assignment_id = ASSIGNMENT
        bundle = load_bundle(course_directory, config, course)
        assert bundle is not None
        common_fingerprint, rules = assignment_fingerprint(bundle, course), time_rules(course)

        def read(student: str) -> StudentSubmission:
            folder, seed = root / "submitted" / student / ASSIGNMENT, seeds.seed_for(root, ASSIGNMENT, student)
            work = read_submitted_work(folder)
            return student_submission.read_student_submission(
                student, folder, bundle, course, seed, common_fingerprint, rules, work
            )

        dates = CourseDates(course, ASSIGNMENT, app.log)
        with GradebookWriter(course_directory, dates, lambda *_: 0.0) as gradebook:
            folders = ResultFolders(course_directory, config, bundle, app.log)
            yield OpenCourse(SubmissionGrader(bundle, root), folders, gradebook, read)


def stock_phases(root: Path, students: list[str]) -> dict[str, float]:
    """Time `nbgrader autograde` and `nbgrader generate_feedback`, without what is done once a run."""
    with nbgrader_application(root) as app, Clock(_STOCK) as clock:
        api = NbGraderAPI(app.coursedir, config=app.config)
        for student in (students[0], "*"):  # the first one pays for what is loaded late
            clock.seconds.clear()
            for phase, command in (("notebook", api.autograde), ("feedback", api.generate_feedback)):
                with clock.phase(phase):
                    result = command(ASSIGNMENT, student)
                assert result["success"], result
    return dict(clock.seconds)


def batch_phases(root: Path, students: list[str]) -> dict[str, float]:
    """Time what `autograder grade --feedback` does, in one process and without what is done once a run."""
    with open_course(root) as course, Clock(_BATCH) as clock:
        for measured in (students[:1], students):  # the first one pays for what is loaded late
            clock.seconds.clear()
            for start in range(0, len(measured), BATCH_SIZE):
                _grade_batch(course, measured[start : start + BATCH_SIZE])
    return dict(clock.seconds)


def _grade_batch(course: OpenCourse, students: list[str]) -> None:
    batch = [(submission, course.grader.grade(submission)) for submission in map(course.read, students)]
    for submission, graded in batch:
        course.folders.write_graded(submission, graded)
    os.sync()
    grades = course.save(batch)
    for _, graded in batch:
        pages = course.grader.render_feedback(graded.texts, grades[graded.student])
        course.folders.write_feedback(graded.student, pages)
