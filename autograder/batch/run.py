"""``autograder grade``: find what is to do, have it done, write it down; every submission ends with a status."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from nbgrader.converters import Autograde
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder import formatting
from autograder.batch import feedback_pages, preprocessing
from autograder.batch import worker_pool as crews
from autograder.batch.assignment_bundle import AssignmentBundle, BatchError, load_bundle
from autograder.batch.dask_pool import DaskPool
from autograder.batch.folders import Folders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.lock import lock
from autograder.batch.plan import Options, Plan
from autograder.batch.progress import ProgressDisplay, Summary
from autograder.batch.result_writer import ResultWriter
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.batch.worker_pool import Job, JobQueue, WorkerPool
from autograder.course.settings import Course
from autograder.errors import did_you_mean
from autograder.gradebook import database
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.grading_context import Rejection
from autograder.nbgrader_plugin.late_penalties import CourseDates, penalty_policy
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.sandbox import Level, SandboxError
from autograder.verdict import Status


def grade(course: Course, assignment: str, options: Options, console: Console) -> Summary:
    """Grade an assignment's submissions."""
    if assignment not in course.lessons:
        raise BatchError(f"there is no assignment {assignment}. {did_you_mean(assignment, course.lessons)}")
    began = monotonic()
    try:
        summary = _grade(course, assignment, options, console)
    except OSError as error:
        cure = "Look at its rights and at the room on the disk, then run it again: what was finished is kept"
        raise BatchError(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}. {cure}.") from error
    summary.seconds = monotonic() - began
    return summary


def _grade(course: Course, assignment: str, options: Options, console: Console) -> Summary:
    held = lock(course.root / f".autograder-{assignment}.lock", f"autograder grade {assignment}")
    with nbgrader_application(course.root) as app, contextlib.nullcontext() if options.dry_run else held:
        app.coursedir.assignment_id = assignment
        file = database.database_file(app.coursedir.db_url)
        if file and not file.exists():
            raise BatchError(f"there is no gradebook {file} yet. Run: nbgrader generate_assignment {assignment}")
        try:
            return _Run(course, app.coursedir, app.config, options, console).run()
        except CancelledError:
            gone = f"the Dask scheduler at {options.scheduler} is gone"
            raise BatchError(f"{gone}. What was finished is kept: start it, and run this again.") from None
        except SQLAlchemyError as error:
            from autograder.gradebook import inspection  # slow to load, and asked in need only

            said = getattr(error, "orig", None) or error  # without the statement and everybody's marks in it
            why = inspection.gradebook_problem(app.coursedir.db_url) or f"the gradebook cannot be used: {said}"
            raise BatchError(f"{why}. What was finished is kept: mend it, and run this again.") from error


class _Run:
    """One run, under the lock."""

    def __init__(self, course: Course, folder: Any, config: Config, options: Options, console: Console) -> None:
        self._course, self._folder, self._config = course, folder, config
        self._options, self._console = options, console
        self._log = logging.getLogger(__name__)
        self._summary = Summary(folder.assignment_id, dry=options.dry_run)

    def run(self) -> Summary:
        plan = Plan(self._course, self._folder, self._options)
        made = load_bundle(self._folder, self._config, self._course)
        reason = "A notebook of it was not built by this course." if made is None else ""
        reason = reason or preprocessing.unsupported_reason(self._folder, self._config)
        if made is None or reason:
            raise BatchError(f"{reason} Use nbgrader autograde {self._folder.assignment_id} for this assignment.")
        reason = feedback_pages.unsupported_reason(self._config) if self._options.feedback else ""
        if reason:
            raise BatchError(f"{reason} Leave --feedback out, and use nbgrader generate_feedback afterwards.")
        self._task: AssignmentBundle = made
        folders = Folders(self._folder, self._config, made, self._log)
        self._desk = SubmissionGrader(made, Path(self._folder.root))
        dates = CourseDates(self._course, self._folder.assignment_id, self._log)
        with GradebookWriter(self._folder, dates, self._penalty()) as book, self._locked(book):
            self._keeper = ResultWriter(book, folders, self._options, self._summary)
            self._summary.absent = len(book.enrolled() - plan.found.keys()) if not self._options.students else 0
            each = plan.submissions(made, book.grading_records(), folders.has_notebooks)
            with ProgressDisplay(self._console, self._summary, len(plan.found)) as self._screen, self._crew() as crew:
                to_do = self._to_do(each)
                first = next(to_do, None)
                if first is not None:
                    self._say_level(crew)
                self._have_done(crew, chain(filter(None, [first]), to_do))
        self._summary.looks.sort()
        return self._summary

    def _locked(self, book: GradebookWriter) -> AbstractContextManager[None]:
        return contextlib.nullcontext() if self._options.dry_run else book.locked()

    def _to_do(self, each: Iterator[tuple[str, Any]]) -> Iterator[StudentSubmission]:
        """The submissions that have to be graded; the others are counted as they are."""
        for student, one in each:
            if isinstance(one, StudentSubmission):
                yield one
                continue
            if one is not None:
                self._summary.add(student, one.status, one.message)
            if isinstance(one, GradingRecord):
                self._summary.unchanged += 1
                self._keeper.add_unchanged(student)
            self._screen.step()
            self._screen.show("", 0.0)

    def _say_level(self, crew: WorkerPool) -> None:
        """Say how student code is isolated, before anything is written."""
        try:
            found = Counter(crew.levels(Level(self._course.limits.isolation)))
        except SandboxError as error:
            raise BatchError(str(error)) from None
        self._console.print(f"{crew.workers} at a time, isolation {', '.join(found)}", highlight=False)

    def _have_done(self, crew: WorkerPool, to_do: Iterator[StudentSubmission]) -> None:
        work = JobQueue(crew, lambda: self._next(to_do, work))
        try:
            for one in work.done():
                if one is not None:
                    self._take(*one)
                self._keeper.write_in_time()
                slowest = work.slowest
                self._screen.show(*((slowest.student, monotonic() - slowest.began) if slowest else ("", 0.0)))
        finally:
            self._keeper.write()  # what was done is kept, whatever happened

    def _next(self, to_do: Iterator[StudentSubmission], work: JobQueue) -> Job | None:
        page = self._keeper.next_page()
        if page is not None:
            return page
        submitted = next(to_do, None)
        if submitted is not None:
            return Job(submitted.student, SubmissionGrader.grade, (submitted,), submitted)
        if not work.running:
            self._keeper.write()
        return self._keeper.next_page()

    def _take(self, job: Job, future: Future[Any]) -> None:
        if job.function is SubmissionGrader.grade:
            self._mark(job.about, future)
        else:
            self._keeper.take_page(job.student, future)

    def _mark(self, submitted: StudentSubmission, future: Future[Any]) -> None:
        error = future.exception()
        if error is None:
            marked: GradedSubmission = future.result()
        else:
            why = f"The grader failed on it ({type(error).__name__}: {error}). Please report that."
            marked = self._desk.reject(
                submitted, Rejection(Status.NOT_GRADED, formatting.strip_control_characters(why))
            )
        record = marked.record
        self._summary.add(record.student, record.status, record.message)
        self._summary.graded += 1
        self._summary.said.update(marked.warnings)
        if record.isolation:
            self._summary.isolations[record.isolation] += 1
        self._keeper.add(submitted, marked)
        self._screen.step()

    def _penalty(self) -> Any:
        return penalty_policy(Autograde(coursedir=self._folder, config=self._config))

    def _crew(self) -> Any:
        if self._options.scheduler:
            return DaskPool(self._options.scheduler, self._task)
        return crews.ProcessPool(self._desk, self._options.workers or _cores())


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
