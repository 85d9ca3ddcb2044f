"""A run of ``autograder grade``: plan, grade in workers, write the results, summarize.

Every submission ends with a status, and whatever stops the run, what was written is complete.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from nbgrader.converters import Autograde
from rich.console import Console
from traitlets.config import Config

from autograder.batch import feedback_pages, preprocessing, student_submission
from autograder.batch.assignment_bundle import AssignmentBundle, BatchError, load_bundle
from autograder.batch.class_list import ClassList, names_that_nbgrader_cannot_use, unknown_extensions
from autograder.batch.dask_pool import DaskPool
from autograder.batch.explained_errors import (
    explained_database_errors,
    explained_file_errors,
    explained_scheduler_errors,
)
from autograder.batch.folders import ResultFolders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.job_queue import Job, JobQueue
from autograder.batch.lock import run_lock
from autograder.batch.plan import Options, Plan, SkippedStudent
from autograder.batch.progress import ProgressDisplay
from autograder.batch.result_changes import ResultComparison
from autograder.batch.result_writer import ResultWriter
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.batch.summary import Summary
from autograder.batch.worker_pool import ProcessPool, WorkerPool
from autograder.course.settings import Course
from autograder.errors import did_you_mean
from autograder.formatting import strip_control_characters
from autograder.gradebook import database
from autograder.gradebook.verdict_table import GradingRecord
from autograder.history import snapshots
from autograder.history.entries import Author
from autograder.nbgrader_plugin import preconditions
from autograder.nbgrader_plugin.late_penalties import CourseDates, penalty_policy
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.sandbox import Level, SandboxError
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Status


def grade(course: Course, assignment: str, options: Options, console: Console) -> Summary:
    """Grade an assignment's submissions into the gradebook, and return the result.

    Progress goes to ``console``. Raises `BatchError` if the assignment cannot be graded as things are, and
    `LockedError` if another run is grading it.
    """
    if assignment not in course.lessons:
        raise BatchError(f"there is no assignment {assignment}. {did_you_mean(assignment, course.lessons)}")
    started = monotonic()
    with explained_file_errors(), nbgrader_application(course.root) as app:
        app.coursedir.assignment_id = assignment
        with _run_lock(course, assignment, options):
            _require_gradebook(app.coursedir)
            with explained_database_errors(app.coursedir.db_url), explained_scheduler_errors(options.scheduler):
                summary = _Run(course, app.coursedir, app.config, options, console).run()
    summary.seconds = monotonic() - started
    return summary


class _Run:
    """One run over the submissions of an assignment, under its lock."""

    def __init__(
        self, course: Course, course_directory: Any, config: Config, options: Options, console: Console
    ) -> None:
        self._course, self._course_directory, self._config = course, course_directory, config
        self._options, self._console = options, console
        self._log = logging.getLogger(__name__)
        self._summary = Summary(course_directory.assignment_id, dry_run=options.dry_run)

    def run(self) -> Summary:
        plan = Plan(self._course, self._course_directory, self._options)
        bundle = self._load_bundle()
        folders = ResultFolders(self._course_directory, self._config, bundle, self._log)
        self._grader = SubmissionGrader(bundle, Path(self._course_directory.root))
        with self._open_gradebook() as gradebook, self._server_lock(gradebook):
            records = gradebook.grading_records()
            comparison = ResultComparison(gradebook, self._course_directory, records)
            self._results = ResultWriter(gradebook, folders, comparison, self._options, self._summary)
            self._count_not_submitted(plan, gradebook)
            class_list = gradebook.class_list()
            plan.compare_with(class_list)
            self._warn_of_names(plan, class_list)
            with self._progress_display(plan) as self._progress, self._open_pool(bundle) as pool:
                planned = plan.submissions(
                    bundle,
                    records,
                    gradebook.acceptances(),
                    gradebook.seeds(),
                    gradebook.held(),
                    folders.has_graded_notebooks,
                )
                self._process_jobs(pool, self._require_isolation(pool, self._skip_graded(planned)))
            self._summary.complete(gradebook.submission_states())
        return self._summary

    def _load_bundle(self) -> AssignmentBundle:
        """Load the assignment.

        Raises `BatchError` if results would differ from those of nbgrader's own commands, and `PreconditionError` if
        grading would spoil marks.
        """
        name = self._course_directory.assignment_id
        bundle = load_bundle(self._course_directory, self._config, self._course)
        if bundle is None:
            raise BatchError(f"{name} has a notebook that this course did not build. Use: nbgrader autograde {name}")
        reason = preprocessing.unsupported_reason(self._course_directory, self._config)
        if reason:
            raise BatchError(f"{reason} Use: nbgrader autograde {name}")
        preconditions.require_agreement(self._course, self._course_directory)
        if not self._options.new_secret:
            preconditions.require_secret(self._course.root, self._course_directory.db_url, name)
        reason = feedback_pages.unsupported_reason(self._config) if self._options.feedback else ""
        if reason:
            raise BatchError(f"{reason} Leave --feedback out, then use: nbgrader generate_feedback {name}")
        return bundle

    def _open_gradebook(self) -> GradebookWriter:
        dates = CourseDates(self._course, self._course_directory.assignment_id, self._log)
        converter = Autograde(coursedir=self._course_directory, config=self._config)
        return GradebookWriter(self._course_directory, dates, penalty_policy(converter))

    def _server_lock(self, gradebook: GradebookWriter) -> AbstractContextManager[None]:
        return contextlib.nullcontext() if self._options.dry_run else gradebook.locked()

    def _take_snapshot(self) -> None:
        """Copy the gradebook before the run writes anything into it."""
        if self._options.dry_run:
            return
        author = Author(f"autograder grade {self._course_directory.assignment_id}")
        try:
            snapshots.take(self._course.root, self._course_directory.db_url, author)
        except snapshots.SnapshotError as error:
            self._summary.warnings[f"autograder undo cannot take this run back: {error}"] += 1

    def _count_not_submitted(self, plan: Plan, gradebook: GradebookWriter) -> None:
        if not self._options.students:
            self._summary.not_submitted = len(gradebook.enrolled() - plan.folders.keys())

    def _warn_of_names(self, plan: Plan, class_list: ClassList) -> None:
        extended = self._course.extensions.get(self._course_directory.assignment_id, {})
        students = {*class_list.students, *student_submission.find_students(self._course_directory)}
        notices = (names_that_nbgrader_cannot_use(plan.folders), unknown_extensions(extended, students))
        self._summary.notices += filter(None, notices)

    def _progress_display(self, plan: Plan) -> ProgressDisplay:
        return ProgressDisplay(self._console, self._summary, total=len(plan.folders))

    def _open_pool(self, bundle: AssignmentBundle) -> WorkerPool:
        if self._options.scheduler:
            return DaskPool(self._options.scheduler, bundle)
        return ProcessPool(self._grader, self._options.workers or _available_cores())

    def _skip_graded(self, planned: Iterator[StudentSubmission | SkippedStudent]) -> Iterator[StudentSubmission]:
        """Yield the submissions to grade; count the others."""
        for submission in planned:
            if isinstance(submission, StudentSubmission):
                yield submission
            else:
                self._count_skipped(submission)

    def _count_skipped(self, skipped: SkippedStudent) -> None:
        if skipped.result is not None:
            self._summary.add(skipped.student, skipped.result.status, skipped.result.message)
        if isinstance(skipped.result, GradingRecord):
            self._summary.unchanged += 1
            self._results.add_unchanged(skipped.student)
        self._progress.advance()
        self._progress.show()

    def _require_isolation(
        self, pool: WorkerPool, submissions: Iterator[StudentSubmission]
    ) -> Iterator[StudentSubmission]:
        """Print how student code is isolated. Raises `BatchError`, before anything is written, if that is too weak.

        Does nothing if there is nothing to grade, because finding out takes a while.
        """
        first = next(submissions, None)
        if first is None:
            return submissions
        try:
            levels = Counter(pool.isolation_levels(Level(self._course.limits.isolation)))
        except SandboxError as error:
            raise BatchError(str(error)) from None
        self._take_snapshot()
        self._console.print(f"{pool.workers} at a time, isolation {', '.join(levels)}", highlight=False)
        return chain([first], submissions)

    def _process_jobs(self, pool: WorkerPool, submissions: Iterator[StudentSubmission]) -> None:
        """Grade all submissions and render their feedback in the workers; write the results as they arrive."""
        queue = JobQueue(pool, partial(self._next_job, submissions))
        try:
            for finished in queue.run():
                if finished is not None:
                    job, future = finished
                    job.handle_result(future)
                self._results.write_if_due()
                self._show_progress(queue.slowest)
        finally:
            # Whatever happened, what was graded is kept.
            self._results.write()

    def _next_job(self, submissions: Iterator[StudentSubmission], is_idle: bool) -> Job | None:
        """Return feedback to render, otherwise a submission to grade."""
        feedback_job = self._results.next_feedback_job()
        if feedback_job is not None:
            return feedback_job
        submission = next(submissions, None)
        if submission is not None:
            handle_result = partial(self._handle_graded, submission)
            return Job(submission.student, SubmissionGrader.grade, (submission,), handle_result)
        if is_idle:
            # Everything is graded. The feedback of the last submissions needs their grades in the gradebook.
            self._results.write()
        return self._results.next_feedback_job()

    def _handle_graded(self, submission: StudentSubmission, future: Future[GradedSubmission]) -> None:
        graded = self._graded_or_rejected(submission, future)
        self._summary.add(graded.student, graded.record.status, graded.record.message, is_new_work=graded.is_new_work)
        self._summary.graded += 1
        self._summary.warnings.update(graded.warnings)
        for note in graded.display_notes:
            self._summary.display_notes.setdefault(note, []).append(graded.student)
        if graded.record.isolation:
            self._summary.isolation_levels[graded.record.isolation] += 1
        self._results.add(submission, graded)
        self._progress.advance()

    def _graded_or_rejected(self, submission: StudentSubmission, future: Future[GradedSubmission]) -> GradedSubmission:
        error = future.exception()
        if error is None:
            return future.result()
        reason = f"The grader failed on it ({type(error).__name__}: {error}). Please report that."
        return self._grader.reject(submission, Rejection(Status.NOT_GRADED, strip_control_characters(reason)))

    def _show_progress(self, slowest: Job | None) -> None:
        if slowest is None:
            self._progress.show()
        else:
            self._progress.show(slowest.student, monotonic() - slowest.started)


def _run_lock(course: Course, assignment: str, options: Options) -> AbstractContextManager[None]:
    if options.dry_run:
        return contextlib.nullcontext()
    return run_lock(course.root, assignment, f"autograder grade {assignment}")


def _require_gradebook(course_directory: Any) -> None:
    path = database.database_file(course_directory.db_url)
    if path and not path.exists():
        name = course_directory.assignment_id
        raise BatchError(f"there is no gradebook {path} yet. Run: nbgrader generate_assignment {name}")


def _available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
