"""The phases of a submission, before and after: nbgrader's commands with our preprocessors, and what a batch does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import BaseConverter
from sqlalchemy.orm import Session as Database

from autograder.batch import student_submission
from autograder.batch.assignment_bundle import fingerprint, load_bundle
from autograder.batch.folders import Folders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.result_writer import BATCH
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.course import seeds
from autograder.course.settings import load_course
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.grading import grader
from autograder.nbgrader_plugin.late_penalties import CourseDates
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.sandbox.function_session import FunctionSession
from autograder.sandbox.notebook_session import NotebookSession
from bench.classes import ASSIGNMENT
from bench.clock import Clock

PHASES = ("judge", "sandbox", "notebook", "database", "feedback", "files")
_COMMON: dict[str, list[tuple[Any, str]]] = {
    "judge": [(grader, "grade")],
    "sandbox": [(FunctionSession, name) for name in ("__init__", "load", "call", "__exit__")]
    + [(NotebookSession, name) for name in ("__init__", "run_cell", "written_files", "__exit__")],
}
_BEFORE = {
    **_COMMON,
    "database": [(Database, name) for name in ("execute", "scalars", "flush", "commit", "close")]
    + [(Gradebook, name) for name, found in vars(Gradebook).items() if callable(found) and name != "__repr__"],
    "files": [(BaseConverter, name) for name in ("init_destination", "set_permissions", "write_single_notebook")],
}
_AFTER = {
    **_COMMON,
    "notebook": [(SubmissionGrader, "grade")],
    "database": [(GradebookWriter, "save")],
    "feedback": [(SubmissionGrader, "render_feedback"), (Folders, "write_feedback")],
    "files": [(student_submission, "read"), (Folders, "write_graded"), (os, "sync")],
}
Done = list[tuple[StudentSubmission, GradedSubmission]]


@dataclass(frozen=True)
class Opened:
    """What `autograder grade` holds of a course directory while it grades."""

    desk: SubmissionGrader
    folders: Folders
    book: GradebookWriter
    read: Any  # a student's name -> Submitted

    def save(self, done: Done) -> dict[str, list[NotebookGrades]]:
        """Write one batch into the gradebook."""
        return self.book.save([marked for _, marked in done])


@contextmanager
def opened(course: Path) -> Iterator[Opened]:
    """A course directory opened as `autograder grade` opens it."""
    found = load_course(course)
    with nbgrader_application(course) as app:
        folder, config = app.coursedir, app.config
        folder.assignment_id = ASSIGNMENT
        made = load_bundle(folder, config, found)
        assert made is not None
        common = fingerprint(made, found)

        def read(student: str) -> StudentSubmission:
            seed = seeds.seed_for(course, ASSIGNMENT, student)
            return student_submission.read_student_submission(
                student, course / "submitted" / student / ASSIGNMENT, made, found, seed, common
            )

        with GradebookWriter(folder, CourseDates(found, ASSIGNMENT, app.log), lambda *_: 0.0) as book:
            yield Opened(SubmissionGrader(made, course), Folders(folder, config, made, app.log), book, read)


def before(course: Path, students: list[str]) -> dict[str, float]:
    """`nbgrader autograde` and `nbgrader generate_feedback`: seconds by phase, what is done once a run left out."""
    with nbgrader_application(course) as app, Clock(_BEFORE) as clock:
        api = NbGraderAPI(app.coursedir, config=app.config)
        for which in (students[:1], students):  # the first one pays for what is loaded late
            clock.seconds.clear()
            for phase, command in (("notebook", api.autograde), ("feedback", api.generate_feedback)):
                with clock.phase(phase):
                    said = command(ASSIGNMENT, which[0] if len(which) == 1 else "*")
                assert said["success"], said
    return dict(clock.seconds)


def after(course: Path, students: list[str]) -> dict[str, float]:
    """What `autograder grade --feedback` does, in one process: seconds by phase, what is done once a run left out."""
    with opened(course) as here, Clock(_AFTER) as clock:
        for which in (students[:1], students):  # the first one pays for what is loaded late
            clock.seconds.clear()
            for number in range(0, len(which), BATCH):
                done = [(one, here.desk.grade(one)) for one in map(here.read, which[number : number + BATCH])]
                for one, marked in done:
                    here.folders.write_graded(one, marked)
                os.sync()
                marks = here.save(done)
                for _, marked in done:
                    pages = here.desk.render_feedback(marked.texts, marks[marked.student])
                    here.folders.write_feedback(marked.student, pages)
    return dict(clock.seconds)
