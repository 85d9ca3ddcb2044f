"""``autograder grade``: find what is to do, have it done, write it down; every submission ends with a status."""

from __future__ import annotations

import contextlib
import logging
import os
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties
from rich.console import Console
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from traitlets.config import Config

from autograder import seeds, show
from autograder.bridge import database, pages
from autograder.bridge.batch import crew as crews
from autograder.bridge.batch import desk as desks
from autograder.bridge.batch import submitted as submissions
from autograder.bridge.batch.book import Book, Entry
from autograder.bridge.batch.cluster import Cluster
from autograder.bridge.batch.crew import Crew, Job, Work
from autograder.bridge.batch.desk import Desk, Marked
from autograder.bridge.batch.folders import Folders
from autograder.bridge.batch.lock import lock
from autograder.bridge.batch.screen import PROBLEMS, Change, Screen, Summary
from autograder.bridge.batch.submitted import Submitted
from autograder.bridge.batch.task import Task, TaskError, fingerprint, task
from autograder.bridge.commands import application
from autograder.bridge.given import Refused
from autograder.bridge.late import Dates
from autograder.bridge.marks import Marks
from autograder.bridge.table import Grading
from autograder.course import Course
from autograder.course_file import near
from autograder.sandbox import Level, SandboxError
from autograder.verdict import Status

BATCH = 50  # submissions in one transaction,
PATIENCE = 2.0  # or as many as there were in so many seconds
AGAIN = (*PROBLEMS, Status.TIMED_OUT, Status.CRASHED)  # what --failed grades again


@dataclass(frozen=True)
class Options:
    """How to grade."""

    students: tuple[str, ...] = ()  # all, where none is named
    force: bool = False
    failed: bool = False
    dry_run: bool = False
    feedback: bool = False
    workers: int = 0  # 0: one for each core
    scheduler: str = ""


def grade(course: Course, assignment: str, options: Options, console: Console) -> Summary:
    """Grade an assignment's submissions."""
    if assignment not in course.lessons:
        raise TaskError(f"there is no assignment {assignment}. {near(assignment, course.lessons)}")
    began = monotonic()
    held = lock(course.root / f".autograder-{assignment}.lock", f"autograder grade {assignment}")
    with application(course.root) as app, contextlib.nullcontext() if options.dry_run else held:
        app.coursedir.assignment_id = assignment
        file = database.file(app.coursedir.db_url)
        if file and not file.exists():
            raise TaskError(f"there is no gradebook {file} yet. Run: nbgrader generate_assignment {assignment}")
        try:
            summary = _Run(course, app.coursedir, app.config, options, console).run()
        except SQLAlchemyError as error:
            from autograder.bridge import health  # slow to load, and asked in need only

            why = health.gradebook_problem(app.coursedir.db_url) or f"the gradebook cannot be written: {error}"
            raise TaskError(why) from error
    summary.seconds = monotonic() - began
    return summary


class _Run:
    """One run, under the lock."""

    def __init__(self, course: Course, folder: Any, config: Config, options: Options, console: Console) -> None:
        self._course, self._folder, self._config = course, folder, config
        self._options, self._console = options, console
        self._log = logging.getLogger(__name__)
        self._summary = Summary(folder.assignment_id, dry=options.dry_run)
        self._entries: list[tuple[Submitted, Marked]] = []
        self._written = monotonic()
        self._pages: deque[Job] = deque()
        self._unchanged: list[str] = []  # of these, feedback is to be made

    def run(self) -> Summary:
        found = self._found()
        made = task(self._folder, self._config, self._course)
        reason = "A notebook of it was not built by this course." if made is None else ""
        reason = reason or desks.why_not(self._folder, self._config)
        if made is None or reason:
            raise TaskError(f"{reason} Use nbgrader autograde {self._folder.assignment_id} for this assignment.")
        reason = pages.why_not(self._config) if self._options.feedback else ""
        if reason:
            raise TaskError(f"{reason} Leave --feedback out, and use nbgrader generate_feedback afterwards.")
        self._task: Task = made
        self._folders = Folders(self._folder, self._config, made, self._log)
        self._desk = Desk(made, Path(self._folder.root))
        dates = Dates(self._course, self._folder.assignment_id, self._log)
        with Book(self._folder, dates, self._penalty()) as self._book, self._locked():
            self._previous = self._book.gradings()
            self._summary.absent = len(self._book.enrolled() - found.keys()) if not self._options.students else 0
            with Screen(self._console, self._summary, len(found)) as self._screen, self._crew() as crew:
                to_do = self._to_do(found)
                first = next(to_do, None)
                if first is not None:
                    self._say_level(crew)
                self._have_done(crew, chain(filter(None, [first]), to_do))
        self._summary.looks.sort()
        return self._summary

    def _locked(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext() if self._options.dry_run else self._book.locked()

    def _say_level(self, crew: Crew) -> None:
        """Say how student code is isolated, before anything is written."""
        try:
            found = Counter(crew.levels(Level(self._course.limits.isolation)))
        except SandboxError as error:
            raise TaskError(str(error)) from None
        self._console.print(f"{crew.workers} at a time, isolation {', '.join(found)}", highlight=False)

    def _have_done(self, crew: Crew, to_do: Iterator[Submitted]) -> None:
        work = Work(crew, lambda: self._next(to_do, work))
        try:
            for one in work.done():
                if one is not None:
                    self._take(*one)
                if len(self._entries) >= BATCH or monotonic() - self._written > PATIENCE:
                    self._write()
                slowest = work.slowest
                self._screen.show(*((slowest.student, monotonic() - slowest.began) if slowest else ("", 0.0)))
        finally:
            self._write()  # what was done is kept, whatever happened

    def _next(self, to_do: Iterator[Submitted], work: Work) -> Job | None:
        if not self._pages and self._unchanged:
            self._page_again()
        if not self._pages:
            submitted = next(to_do, None)
            if submitted is not None:
                return Job(submitted.student, Desk.mark, (submitted,), submitted)
            if not work.running:
                self._write()
        return self._pages.popleft() if self._pages else None

    def _take(self, job: Job, future: Future[Any]) -> None:
        if job.function is Desk.mark:
            self._mark(job.about, future)
        else:
            self._page(job.student, future)

    def _mark(self, submitted: Submitted, future: Future[Any]) -> None:
        error = future.exception()
        if error is None:
            marked: Marked = future.result()
        else:
            why = f"The grader failed on it ({type(error).__name__}: {error}). Please report that."
            marked = self._desk.refuse(submitted, Refused(Status.NOT_GRADED, show.plain(why)))
        self._summary.add(marked.student, marked.status, marked.message)
        self._summary.graded += 1
        self._summary.said.update(marked.said)
        if marked.isolation:
            self._summary.isolations[marked.isolation] += 1
        self._entries.append((submitted, marked))
        self._screen.step()

    def _write(self) -> None:
        """Write what is done: first the files, then, in one transaction, what says that it was done."""
        entries, self._entries = self._entries, []
        self._written = monotonic()
        if not entries:
            return
        self._compare([marked for _, marked in entries])
        if self._options.dry_run:
            return
        for submitted, marked in entries:
            self._folders.write_graded(submitted, marked)
        os.sync()  # a power cut must not leave a row without its notebook
        marks = self._save([Entry(marked, one.fingerprint, one.timestamp) for one, marked in entries])
        if self._options.feedback:
            for marked in (marked for _, marked in entries if marked.student in marks):
                texts = {one.name: one.text for one in marked.notebooks}
                self._pages.append(Job(marked.student, Desk.pages, (texts, marks[marked.student])))

    def _save(self, entries: list[Entry]) -> dict[str, list[Marks]]:
        """Write to the gradebook; where it refuses one, the others all the same."""
        try:
            return self._book.save(entries)
        except (DataError, IntegrityError) as error:
            if len(entries) > 1:
                return {student: marks for one in entries for student, marks in self._save([one]).items()}
            refused = entries[0].marked
            self._summary.statuses[refused.status] -= 1
            why = f"The gradebook does not take it: {str(error.orig).splitlines()[0]}"
            self._summary.add(refused.student, Status.NOT_GRADED, why)
            return {}

    def _page_again(self) -> None:
        """Have the feedback made of those who were not graded again: somebody may have marked by hand meanwhile."""
        students, self._unchanged = self._unchanged[:BATCH], self._unchanged[BATCH:]
        marks = self._book.marks(students)
        for student in students:
            folder = self._folders.autograded(student)
            texts = {one.notebook: (folder / f"{one.notebook}.ipynb").read_text("utf-8") for one in marks[student]}
            self._pages.append(Job(student, Desk.pages, (texts, marks[student])))

    def _compare(self, marked: list[Marked]) -> None:
        """Note whose score becomes another one."""
        before = self._book.scores([one.student for one in marked])
        for one in marked:
            if one.student in before:
                after = {name: score for nb in one.notebooks for name, score in nb.found.scores.items()}
                old, new = _total(before[one.student], after), _total(after, after)
                if old != new:
                    self._summary.changes.append(Change(one.student, old, new))

    def _to_do(self, found: dict[str, Path]) -> Iterator[Submitted]:
        """The submissions that have to be graded; the others are counted as they are."""
        common = fingerprint(self._task, self._course)
        for student, folder in found.items():
            unfit = submissions.unfit(student)
            if unfit:
                self._summary.add(student, Status.UNREADABLE, unfit)
                self._screen.step()
                continue
            submitted = submissions.read(student, folder, self._task, self._course, self._seed(student), common)
            before = self._previous.get(student)
            if self._has_to_be(submitted, before):
                yield submitted
            elif before is not None:
                self._summary.add(student, Status(before.status), before.message)
                self._summary.unchanged += 1
                self._screen.step()
                if self._options.feedback and not self._options.dry_run and self._folders.has_notebooks(student):
                    self._unchanged.append(student)
            else:
                self._screen.step()
            self._screen.show("", 0.0)

    def _has_to_be(self, submitted: Submitted, before: Grading | None) -> bool:
        if self._options.failed:
            return before is not None and Status(before.status) in AGAIN
        same = before is not None and before.fingerprint == submitted.fingerprint
        return self._options.force or not same or not self._folders.has_notebooks(submitted.student)

    def _seed(self, student: str) -> int:
        if self._options.dry_run and not (self._course.root / seeds.SECRET).exists():
            return seeds.fresh_seed()  # nothing is written, and no verdict hangs on the seed
        return seeds.seed_for(self._course.root, self._folder.assignment_id, student)

    def _found(self) -> dict[str, Path]:
        found = submissions.students(self._folder)
        if not found:
            where = self._folder.format_path(self._folder.submitted_directory, "STUDENT", self._folder.assignment_id)
            raise TaskError(f"nothing was handed in: there is no {where}. Run nbgrader collect or zip_collect first.")
        for student in self._options.students:
            if student not in found:
                raise TaskError(f"{student} handed in nothing. {near(student, list(found))}")
        return {student: found[student] for student in self._options.students} or found

    def _penalty(self) -> Any:
        parent = Autograde(coursedir=self._folder, config=self._config)
        plugin = AssignLatePenalties(config=self._config, parent=parent)
        plugin.init_plugin()
        return plugin.plugin_inst.late_submission_penalty

    def _crew(self) -> Any:
        if self._options.scheduler:
            return Cluster(self._options.scheduler, self._task)
        return crews.Local(self._desk, self._options.workers or _cores())

    def _page(self, student: str, future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            self._summary.said[f"{student}: the feedback could not be made ({type(error).__name__}: {error})"] += 1
            self._summary.pageless += 1
            return
        self._summary.pages += 1
        self._folders.write_feedback(student, future.result())


def _total(scores: dict[str, float | None], cells: Any) -> float | None:
    found = [scores.get(name) for name in cells]
    return None if None in found else sum(one for one in found if one is not None)


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
