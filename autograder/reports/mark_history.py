"""What has happened to a student's marks, from the gradebook's history."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from autograder.batch.assignment_bundle import BatchError
from autograder.batch.explained_errors import explained_database_errors
from autograder.course.settings import Course
from autograder.errors import did_you_mean
from autograder.gradebook import database
from autograder.history import entries
from autograder.history.entries import Author, Entry, Kind
from autograder.history.gradebook_state import record_changes
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application


def load_history(course: Course, student: str, assignment: str = "") -> list[Entry]:
    """Return the entries about a student, after recording what others have written into the gradebook meanwhile.

    Raises `BatchError` if there is none.
    """
    if assignment and assignment not in course.lessons:
        raise BatchError(f"there is no assignment {assignment}. {did_you_mean(assignment, course.lessons)}")
    with open_history(course, Author("autograder history")) as connection:
        found = entries.load(connection, student, assignment)
        if not found:
            known = {entry.key.student for entry in entries.load(connection)} - {""}
            if student in known:
                raise BatchError(f"the history has nothing about {student}'s {assignment} yet")
            raise BatchError(f"the history has nothing about {student}. {did_you_mean(student, sorted(known))}")
    return found


@contextmanager
def open_history(course: Course, author: Author) -> Iterator[Connection]:
    """Begin a transaction on the gradebook, committed at the end, and record what others have written meanwhile."""
    with nbgrader_application(course.root) as app:
        db_url = app.coursedir.db_url
        path = database.database_file(db_url)
        if path and not os.path.exists(path):
            raise BatchError("there is no gradebook yet, so there is no history")
        engine = database.writer_engine(db_url)
        try:
            with explained_database_errors(db_url), engine.begin() as connection:
                record_changes(connection, author, is_noticed=True)
                yield connection
        finally:
            engine.dispose()


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data, without the seed."""
    value = entry.value
    if entry.key.kind is Kind.VERDICT and value is not None:
        value = {name: content for name, content in value.items() if name != "seed"}
    return {
        "number": entry.number,
        **{name: getattr(entry.key, name) for name in ("kind", "student", "assignment", "subject")},
        "value": value,
        "is_noticed": entry.is_noticed,
        **vars(entry.author),
        "recorded_at": entry.recorded_at,
    }
