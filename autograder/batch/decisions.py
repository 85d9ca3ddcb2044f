"""What an instructor decides about one submission that waits: its points count, or another of its files is graded.

A decision holds until the student submits something else. nbgrader's "needs manual grade" follows it at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Assignment, Grade, Notebook
from sqlalchemy import Connection, func, or_, select

from autograder.batch import student_submission
from autograder.batch.explained_errors import explained_database_errors
from autograder.course.settings import Course
from autograder.errors import AutograderError, did_you_mean
from autograder.formatting import format_points, strip_control_characters
from autograder.gradebook import acceptances, database, grade_rules, review, tables, verdict_table
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.review import SubmissionState
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application
from autograder.submission import companion_files
from autograder.submission.candidates import find_candidates
from autograder.submission.finder import read_chosen_file
from autograder.submission.submitted_file import Rejection
from autograder.submission.submitted_folder import SubmittedFolder, read_submitted_folder
from autograder.submission.submitted_work import read_submitted_work

MAX_LISTED_FILES = 20


class DecisionError(AutograderError):
    """Raised if nothing can be decided about a submission as things are; the text ends with what to do."""


@dataclass(frozen=True)
class Decision:
    """Whether a submission waits for nobody any more, and a sentence about it."""

    is_settled: bool
    message: str


@dataclass(frozen=True)
class _Submission:
    """A submission, with an open transaction of its gradebook."""

    student: str
    assignment: str
    folder: Path
    work: str
    instructors: frozenset[str]  # the names of the course's own files, which are handed out
    connection: Connection

    def __str__(self) -> str:
        return f"{self.student}'s {self.assignment}"


def choose_file(course: Course, student: str, assignment: str, file: str, by: str) -> None:
    """Have a file of the submission graded as the student's notebook in all runs to come.

    ``file`` is its path in the submitted folder, or from the current directory. Raises `DecisionError` if it cannot be
    graded.
    """
    from_here = Path(file).resolve()
    with _open_submission(course, student, assignment) as submission:
        folder = submission.folder.resolve()
        is_in_folder = not Path(file).is_absolute() and (folder / file).exists()
        if not is_in_folder and from_here.is_relative_to(folder):
            file = str(from_here.relative_to(folder))
        notebooks = select(func.count()).select_from(Notebook).join(Assignment).where(Assignment.name == assignment)
        if submission.connection.scalar(notebooks) != 1:
            raise DecisionError(f"{assignment} has several notebooks. Rename the student's files as the assignment's.")
        found = read_chosen_file(_read_folder(submission), file, submission.instructors)
        if isinstance(found, Rejection):
            raise DecisionError(found.message)
        chosen = Acceptance(student, assignment, submission.work, file, by, is_settled=False)
        acceptances.save_acceptance(submission.connection, chosen)


def accept(course: Course, student: str, assignment: str, by: str) -> Decision:
    """Confirm the points of a submission. Raises `DecisionError` if it was not graded as it is now."""
    with _open_submission(course, student, assignment) as submission:
        state = review.load_submission_states(submission.connection, assignment).get(student)
        if state is None or state.record is None or state.work != submission.work:
            what = "is not graded yet" if state is None else "was not graded as it is now"
            raise DecisionError(f"{submission} {what}. Run: autograder grade {assignment} --student {student}")
        if not state.waits_for:
            return Decision(True, f"{submission} waits for nobody: {_points(state)}, {state.status}.")
        if state.is_only_unmarked:
            return Decision(False, _still_unmarked(submission, state))
        if _has_no_points(submission, state):
            return Decision(False, _no_points(submission, state))
        _save(submission, by)
        reason = f"It waited because of this: {state.waits_for}"
        if state.unmarked_cells:
            return Decision(False, f"{submission} is accepted as it is. {reason}\n{_still_unmarked(submission, state)}")
        return Decision(True, f"{submission} is accepted: {_points(state)}, and waits no longer. {reason}")


@contextmanager
def _open_submission(course: Course, student: str, assignment: str) -> Iterator[_Submission]:
    """Begin a transaction, which is committed at the end."""
    if assignment not in course.lessons:
        raise DecisionError(f"there is no assignment {assignment}. {did_you_mean(assignment, course.lessons)}")
    with nbgrader_application(course.root) as app:
        app.coursedir.assignment_id = assignment
        source = Path(app.coursedir.format_path(app.coursedir.source_directory, ".", assignment))
        db_url, folders = app.coursedir.db_url, student_submission.find_students(app.coursedir)
        if student not in folders:
            raise DecisionError(f"no student {student} submitted {assignment}. {did_you_mean(student, folders)}")
        path = database.database_file(db_url)
        if path and not path.exists():
            raise DecisionError(f"there is no gradebook yet. Run: autograder grade {assignment}")
        engine, folder = database.writer_engine(db_url), folders[student]
        try:
            with explained_database_errors(db_url), engine.begin() as connection:
                tables.create_tables(connection)
                work = read_submitted_work(folder).fingerprint
                yield _Submission(student, assignment, folder, work, companion_files.file_names(source), connection)
        finally:
            engine.dispose()


def _has_no_points(submission: _Submission, state: SubmissionState) -> bool:
    """Whether a cell that is in doubt has no points, so that only a person can give them."""
    if not state.unmarked_cells:
        return False
    statuses = verdict_table.load_verdicts_without_score(submission.connection, state.student, submission.assignment)
    return not state.status.has_score or bool(statuses)


def _save(submission: _Submission, by: str) -> None:
    """Store that the points count, and take nbgrader's flag off the cells that have points."""
    connection = submission.connection
    key = (submission.assignment, submission.student)
    before = acceptances.load_acceptance(connection, *key)
    file = before.file if before and before.work == submission.work else ""
    acceptance = Acceptance(submission.student, submission.assignment, submission.work, file, by)
    acceptances.save_acceptance(connection, acceptance)
    grade = Grade.__table__
    has_score = or_(grade.c.auto_score.is_not(None), grade.c.manual_score.is_not(None))
    flags = database.update_grades(*key).where(has_score)
    connection.execute(flags.values(needs_manual_grade=False))


def _points(state: SubmissionState) -> str:
    scores = [grade_rules.effective_score(cell.auto_score, cell.manual_score, None) for cell in state.cells]
    return f"{format_points(sum(scores))} points"


def _still_unmarked(submission: _Submission, state: SubmissionState) -> str:
    return f"Nobody has marked {submission} yet: {', '.join(state.unmarked_cells)}. Enter the points in formgrader."


def _no_points(submission: _Submission, state: SubmissionState) -> str:
    return (
        f"{submission} has no points to accept ({state.status}: {state.waits_for}) Enter them in formgrader, or name "
        f"the file to grade: autograder accept {submission.student} {submission.assignment} FILE. "
        f"{_list_files(submission)}"
    )


def _read_folder(submission: _Submission) -> SubmittedFolder:
    return read_submitted_folder(submission.folder, submission.instructors)


def _list_files(submission: _Submission) -> str:
    names = [str(candidate.path) for candidate in find_candidates(_read_folder(submission), "").files]
    listed = ", ".join(strip_control_characters(name) for name in names[:MAX_LISTED_FILES]) or "none"
    more = f" and {len(names) - MAX_LISTED_FILES} more" if len(names) > MAX_LISTED_FILES else ""
    return f"The submission's notebooks and Python files: {listed}{more}."
