"""Write graded submissions into the folders and the gradebook, then have their feedback pages made."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from autograder.batch.change_reasons import penalty_change
from autograder.batch.folders import ResultFolders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.held_submissions import hold_lower_mark, hold_without_verdict, lowers_mark, no_verdict
from autograder.batch.job_queue import Job
from autograder.batch.plan import Options
from autograder.batch.result_changes import ResultComparison
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.batch.summary import ResultChange, Summary
from autograder.gradebook.held_results import HeldResult
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.verdict import Status

# A transaction holds this many submissions, or as many as were graded in this time.
BATCH_SIZE = 50
BATCH_SECONDS = 2.0


class ResultWriter:
    """Collects graded submissions, writes them in batches, and makes the jobs that render feedback."""

    def __init__(
        self,
        gradebook: GradebookWriter,
        folders: ResultFolders,
        comparison: ResultComparison,
        options: Options,
        summary: Summary,
    ) -> None:
        self._gradebook, self._folders, self._comparison = gradebook, folders, comparison
        self._options, self._summary = options, summary
        self._unwritten: list[tuple[StudentSubmission, GradedSubmission]] = []
        self._last_written = monotonic()
        self._feedback_jobs: deque[Job] = deque()
        self._unchanged_students: list[str] = []  # whose feedback is still to be made

    def add(self, submission: StudentSubmission, graded: GradedSubmission) -> None:
        """Keep a graded submission until it is written."""
        self._unwritten.append((submission, graded))

    def add_unchanged(self, student: str) -> None:
        """Have feedback made for a student who is not graded again: manual scores may have changed since."""
        if self._options.feedback and not self._options.dry_run and self._folders.has_graded_notebooks(student):
            self._unchanged_students.append(student)

    def next_feedback_job(self) -> Job | None:
        """Return a job that renders a student's feedback; None if no grades are waiting for it."""
        if not self._feedback_jobs and self._unchanged_students:
            self._add_jobs_for_unchanged()
        return self._feedback_jobs.popleft() if self._feedback_jobs else None

    def write_if_due(self) -> None:
        """Write if there are enough submissions, or if the last time was long ago."""
        if len(self._unwritten) >= BATCH_SIZE or monotonic() - self._last_written > BATCH_SECONDS:
            self.write()

    def write(self) -> None:
        """Write what was graded: first the files, then, in one transaction, the gradebook."""
        self._last_written = monotonic()
        if self._unwritten:
            held = self._hold_back([graded for _, graded in self._unwritten])
            batch = [(submission, graded) for submission, graded in self._unwritten if graded.student not in held]
            if not self._options.dry_run:
                with _deferred_interrupt():
                    self._write_batch(batch, list(held.values()))
        # Only now: if writing is interrupted, the next call repeats it.
        self._unwritten = []

    def _hold_back(self, batch: Sequence[GradedSubmission]) -> dict[str, HeldResult]:
        """Note whose result changes, and return the results that do not replace the stored ones, by student."""
        marks = self._gradebook.marks_before_and_after(batch)
        held: dict[str, HeldResult] = {}
        for graded, change in zip(batch, self._comparison.compare(batch), strict=True):
            student, is_lower = graded.student, False
            if student in marks:
                before, after = marks[student]
                change = replace(
                    change, points=(*change.points, *penalty_change(before.late_penalty, after.late_penalty))
                )
                is_lower = lowers_mark(before, after, graded)
                if no_verdict(before, graded):
                    held[student], is_lower = hold_without_verdict(graded), False
                elif is_lower and not self._options.lower:
                    held[student] = hold_lower_mark(before, after, graded, change)
            if student in held:
                stored, reason = self._comparison.stored_status(student), held[student].reason
                self._summary.hold(student, graded.record.status, stored, reason, is_lower=is_lower)
                self.add_unchanged(student)
            # A dry run shows what --lower would do.
            if student not in held or (is_lower and self._options.dry_run):
                self._note_change(change)
        return held

    def _note_change(self, change: ResultChange) -> None:
        """Note a result that changes. A first grading is a change only where nothing is graded for real."""
        is_first = change.before is None and not self._options.dry_run
        if (change.is_change and not is_first) or self._options.list_all:
            self._summary.changes.append(change)

    def _write_batch(
        self, batch: Sequence[tuple[StudentSubmission, GradedSubmission]], held: Sequence[HeldResult]
    ) -> None:
        self._gradebook.hold(held)
        for submission, graded in batch:
            self._folders.write_graded(submission, graded)
        os.sync()  # a power cut must not leave a row without its notebook
        grades = self._save([graded for _, graded in batch])
        if self._options.feedback:
            for _, graded in batch:
                if graded.student in grades:
                    self._add_feedback_job(graded.student, graded.texts, grades[graded.student])

    def _save(self, batch: list[GradedSubmission]) -> dict[str, list[NotebookGrades]]:
        """Write to the gradebook. If it refuses a submission, write the others and report that one."""
        try:
            return self._gradebook.save(batch)
        except (DataError, IntegrityError) as error:
            if len(batch) == 1:
                self._report_refused(batch[0], error)
                return {}
        grades: dict[str, list[NotebookGrades]] = {}
        for graded in batch:
            grades |= self._save([graded])
        return grades

    def _report_refused(self, refused: GradedSubmission, error: DataError | IntegrityError) -> None:
        self._summary.statuses[refused.record.status] -= 1
        reason = f"The gradebook refuses it: {str(error.orig).splitlines()[0]}"
        self._summary.add(refused.student, Status.NOT_GRADED, reason)

    def _add_jobs_for_unchanged(self) -> None:
        """Make the feedback jobs of some students who were not graded again."""
        students, self._unchanged_students = (
            self._unchanged_students[:BATCH_SIZE],
            self._unchanged_students[BATCH_SIZE:],
        )
        grades = self._gradebook.grades(students)
        for student in students:
            folder = self._folders.autograded(student)
            names = [notebook.notebook for notebook in grades[student]]
            texts = {name: (folder / f"{name}.ipynb").read_text("utf-8") for name in names}
            self._add_feedback_job(student, texts, grades[student])

    def _add_feedback_job(self, student: str, texts: Any, grades: list[NotebookGrades]) -> None:
        handle_result = partial(self._write_feedback, student)
        self._feedback_jobs.append(Job(student, SubmissionGrader.render_feedback, (texts, grades), handle_result))

    def _write_feedback(self, student: str, future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            warning = f"{student}: the feedback could not be made ({type(error).__name__}: {error})"
            self._summary.warnings[warning] += 1
            self._summary.feedback_failed += 1
            return
        self._summary.feedback_written += 1
        self._summary.feedback_to_release += self._folders.write_feedback(student, future.result())


@contextlib.contextmanager
def _deferred_interrupt() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block, because a half-written batch would have to be graded again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupts: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if interrupts:
        raise KeyboardInterrupt
