"""Put the gradebook back to a snapshot, while no run grades an assignment of the course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from autograder.batch.explained_errors import explained_database_errors, explained_file_errors
from autograder.batch.lock import run_lock, server_lock
from autograder.course.settings import Course
from autograder.gradebook import database
from autograder.history import snapshots
from autograder.history.entries import Author, Entry
from autograder.history.snapshots import Snapshot
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application

_FILES_STAY = (
    "The files in autograded/ and feedback/ stay as they are until the next autograder grade --force --feedback."
)


def undo(course: Course) -> list[str]:
    """Take back the last run, and return lines about it. Raises `SnapshotError` if other things changed since."""
    author = Author("autograder undo")
    with _only_user(course, author) as db_url:
        snapshot = snapshots.find_last_run(course.root, db_url, author)
        return _restore(course, db_url, snapshot, author)


def restore(course: Course, number: int) -> list[str]:
    """Put the gradebook back to a snapshot, and return lines about what that changed."""
    author = Author(f"autograder restore {number}")
    with _only_user(course, author) as db_url:
        return _restore(course, db_url, snapshots.find(course.root, number), author)


@contextmanager
def _only_user(course: Course, author: Author) -> Iterator[str]:
    """Keep the runs of this course out, and return the ``db_url`` of its gradebook."""
    with explained_file_errors(), nbgrader_application(course.root) as app, ExitStack() as locks:
        db_url = app.coursedir.db_url
        engine = database.writer_engine(db_url)
        locks.callback(engine.dispose)
        locks.enter_context(explained_database_errors(db_url))
        for assignment in course.lessons:
            command = f"autograder grade {assignment}"
            locks.enter_context(run_lock(course.root, assignment, command))
            locks.enter_context(server_lock(engine, command))
        yield db_url


def _restore(course: Course, db_url: str, snapshot: Snapshot, author: Author) -> list[str]:
    before, changes = snapshots.restore(course.root, db_url, snapshot, author)
    manual = [entry for entry in changes if entry.key.kind.is_manual]
    lines = [
        f"The gradebook is as in snapshot {snapshot}. {len(changes)} values changed.",
        *_about_manual(manual),
        _FILES_STAY,
        f"To get back what was there: autograder restore {before.number}",
    ]
    return lines


def _about_manual(manual: list[Entry]) -> list[str]:
    if not manual:
        return []
    return [f"{len(manual)} of them were entered manually:", *(f"  {entry}" for entry in manual)]
