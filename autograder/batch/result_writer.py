"""What was done goes into files and gradebook, and from there onto feedback."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from time import monotonic
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError

from autograder.batch.folders import Folders
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.plan import Options
from autograder.batch.progress import ScoreChange, Summary
from autograder.batch.student_submission import StudentSubmission
from autograder.batch.submission_grader import GradedSubmission, SubmissionGrader
from autograder.batch.worker_pool import Job
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.verdict import Status

BATCH = 50  # submissions in one transaction,
PATIENCE = 2.0  # or as many as there were in so many seconds


class ResultWriter:
    """Writes submissions down in batches, and knows for whom feedback is to be made."""

    def __init__(self, book: GradebookWriter, folders: Folders, options: Options, summary: Summary) -> None:
        self._book, self._folders, self._options, self._summary = book, folders, options, summary
        self._entries: list[tuple[StudentSubmission, GradedSubmission]] = []
        self._written = monotonic()
        self._pages: deque[Job] = deque()
        self._unchanged: list[str] = []  # of these, feedback is to be made

    def add(self, submitted: StudentSubmission, marked: GradedSubmission) -> None:
        """Keep a marked submission."""
        self._entries.append((submitted, marked))

    def add_unchanged(self, student: str) -> None:
        """Have feedback made, where it is wanted: somebody may have marked by hand meanwhile."""
        if self._options.feedback and not self._options.dry_run and self._folders.has_notebooks(student):
            self._unchanged.append(student)

    def next_page(self) -> Job | None:
        """Feedback to make."""
        if not self._pages and self._unchanged:
            self._page_again()
        return self._pages.popleft() if self._pages else None

    def write_in_time(self) -> None:
        """Write where there is enough, or where it was long ago."""
        if len(self._entries) >= BATCH or monotonic() - self._written > PATIENCE:
            self.write()

    def write(self) -> None:
        """Write what is done: first the files, then, in one transaction, what says that it was done."""
        self._written = monotonic()
        if self._entries:
            self._compare([marked for _, marked in self._entries])
            if not self._options.dry_run:
                with _undisturbed():
                    self._keep(self._entries)
        self._entries = []  # not before: where this is interrupted, it is done once more

    def _keep(self, entries: list[tuple[StudentSubmission, GradedSubmission]]) -> None:
        for submitted, marked in entries:
            self._folders.write_graded(submitted, marked)
        os.sync()  # a power cut must not leave a row without its notebook
        marks = self._save([marked for _, marked in entries])
        if self._options.feedback:
            for marked in (marked for _, marked in entries if marked.student in marks):
                arguments = (marked.texts, marks[marked.student])
                self._pages.append(Job(marked.student, SubmissionGrader.render_feedback, arguments))

    def _save(self, entries: list[GradedSubmission]) -> dict[str, list[NotebookGrades]]:
        """Write to the gradebook; where it refuses one, the others all the same."""
        try:
            return self._book.save(entries)
        except (DataError, IntegrityError) as error:
            if len(entries) > 1:
                return {student: marks for one in entries for student, marks in self._save([one]).items()}
            refused = entries[0]
            self._summary.statuses[refused.record.status] -= 1
            why = f"The gradebook does not take it: {str(error.orig).splitlines()[0]}"
            self._summary.add(refused.student, Status.NOT_GRADED, why)
            return {}

    def _page_again(self) -> None:
        """Have the feedback made of some who were not graded again."""
        students, self._unchanged = self._unchanged[:BATCH], self._unchanged[BATCH:]
        marks = self._book.grades(students)
        for student in students:
            folder = self._folders.autograded(student)
            texts = {one.notebook: (folder / f"{one.notebook}.ipynb").read_text("utf-8") for one in marks[student]}
            self._pages.append(Job(student, SubmissionGrader.render_feedback, (texts, marks[student])))

    def take_page(self, student: str, future: Future[Any]) -> None:
        """Keep feedback that was made."""
        error = future.exception()
        if error is not None:
            self._summary.said[f"{student}: the feedback could not be made ({type(error).__name__}: {error})"] += 1
            self._summary.pageless += 1
            return
        self._summary.pages += 1
        self._folders.write_feedback(student, future.result())

    def _compare(self, marked: list[GradedSubmission]) -> None:
        """Note whose score becomes another one."""
        before = self._book.scores([one.student for one in marked])
        for one in marked:
            if one.student in before:
                after = one.scores_by_cell()
                old, new = _total(before[one.student], after), _total(after, after)
                if old != new:
                    self._summary.changes.append(ScoreChange(one.student, old, new))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits for the end of this: half a batch is worth nothing, and half a transaction holds the database."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _total(scores: dict[str, float | None], cells: Any) -> float | None:
    found = [scores.get(name) for name in cells]
    return None if None in found else sum(one for one in found if one is not None)
