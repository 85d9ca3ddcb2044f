"""The values in the gradebook that the history follows, and the recording of those that have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Connection, Select, and_, inspect, literal, or_, select

from autograder.gradebook.tables import ACCEPTANCES, GRADINGS, VERDICTS, column_names
from autograder.history import entries
from autograder.history.entries import Author, Key, Kind

_NOTHING = literal("")
_OF_THE_SUBMISSION = ("fingerprint", "work")  # of the whole submission; another notebook's grading may change them


def record_changes(
    connection: Connection,
    author: Author,
    assignment: str = "",
    students: Sequence[str] | None = None,
    *,
    is_noticed: bool | None = None,
) -> int:
    """Append to the history every value that is not as last recorded, and return how many these are.

    With ``assignment`` or ``students``, only theirs. ``is_noticed`` says whether others than this command wrote
    the values; by default, they wrote what graders never write.
    The caller commits, together with the values if it wrote them.
    """
    changes = find_changes(connection, assignment, students)
    if changes:
        entries.append(connection, changes, author, is_noticed=is_noticed)
    return len(changes)


def find_changes(
    connection: Connection, assignment: str = "", students: Sequence[str] | None = None
) -> list[tuple[Key, Any]]:
    """Return the values that are not as last recorded, ordered; None for those that are gone."""
    recorded = entries.load_current(connection, assignment, students)
    state = load_state(connection, assignment, students)
    changed = [key for key in recorded.keys() | state.keys() if not _agree(recorded.get(key), state.get(key))]
    return [(key, state.get(key)) for key in sorted(changed)]


def load_state(connection: Connection, assignment: str = "", students: Sequence[str] | None = None) -> dict[Key, Any]:
    """Return the values that are in the gradebook now."""
    if not inspect(connection).has_table(SubmittedAssignment.__tablename__):
        return {}
    state = dict(_verdicts(connection, assignment, students))
    judged = {(key.student, key.assignment, key.subject) for key in state}
    for key, value in _nbgrader_values(connection, assignment, students):
        exercise = exercise_of_cell(key.subject)
        if key.kind is not Kind.AUTO_SCORE or (key.student, key.assignment, exercise) not in judged:
            state[key] = value
    return state | dict(_acceptances(connection, assignment, students))


def fingerprint_of_course(connection: Connection) -> str:
    """Return a hash of the assignments with their cells, and of the students that somebody has described."""
    if not inspect(connection).has_table(Student.__tablename__):
        return ""
    details = (Student.first_name, Student.last_name, Student.email, Student.lms_user_id)
    described = or_(*(column.is_not(None) for column in details))
    queries = (
        select(Student.id, *details).where(described),
        select(Assignment.name, Notebook.name.label("notebook"), BaseCell.name.label("cell"))
        .join(Notebook, Notebook.assignment_id == Assignment.id)
        .join(BaseCell, BaseCell.notebook_id == Notebook.id),
    )
    rows = [sorted(map(repr, map(tuple, connection.execute(query)))) for query in queries]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def exercise_of_cell(subject: str) -> str:
    """Return the exercise that a graded cell of ours belongs to; empty for other cells."""
    cell = subject.rpartition("/")[2]
    return cell.removeprefix("check-") if cell.startswith("check-") else ""


def _agree(recorded: Any, current: Any) -> bool:
    if isinstance(recorded, dict) and isinstance(current, dict):
        return {**recorded, **dict.fromkeys(_OF_THE_SUBMISSION)} == {**current, **dict.fromkeys(_OF_THE_SUBMISSION)}
    return bool(recorded == current)


def _verdicts(connection: Connection, assignment: str, students: Sequence[str] | None) -> Iterator[tuple[Key, Any]]:
    if not inspect(connection).has_table(VERDICTS.name):
        return
    existing = column_names(connection, GRADINGS)
    extra = [GRADINGS.c[name] for name in _OF_THE_SUBMISSION if name in existing]
    same = and_(GRADINGS.c.student == VERDICTS.c.student, GRADINGS.c.assignment == VERDICTS.c.assignment)
    query = select(VERDICTS, *extra).outerjoin(GRADINGS, same)
    if assignment:
        query = query.where(VERDICTS.c.assignment == assignment)
    if students is not None:
        query = query.where(VERDICTS.c.student.in_(students))
    for row in connection.execute(query).mappings():
        value = dict(row)
        key = Key(value.pop("student"), value.pop("assignment"), Kind.VERDICT, value.pop("exercise"))
        value |= {name: json.loads(value[name]) for name in ("criteria", "misconceptions", "notes")}
        yield key, value | {"graded_at": value["graded_at"].isoformat()}


def _acceptances(connection: Connection, assignment: str, students: Sequence[str] | None) -> Iterator[tuple[Key, Any]]:
    if not inspect(connection).has_table(ACCEPTANCES.name):
        return
    query = select(ACCEPTANCES)
    if assignment:
        query = query.where(ACCEPTANCES.c.assignment == assignment)
    if students is not None:
        query = query.where(ACCEPTANCES.c.student.in_(students))
    for row in connection.execute(query).mappings():
        value = dict(row)
        key = Key(value.pop("student"), value.pop("assignment"), Kind.ACCEPTANCE, "")
        yield key, value | {"accepted_at": value["accepted_at"].isoformat()}


def _nbgrader_values(
    connection: Connection, assignment: str, students: Sequence[str] | None
) -> Iterator[tuple[Key, Any]]:
    for query, kinds in _queries():
        if assignment:
            query = query.where(Assignment.name == assignment)
        if students is not None:
            query = query.where(SubmittedAssignment.student_id.in_(students))
        for student, name, notebook, cell, *values in connection.execute(query):
            for kind, value in zip(kinds, values, strict=True):
                if value is not None and value != "":
                    subject = "/".join(filter(None, (notebook, cell)))
                    number = value.total_seconds() if kind is Kind.EXTENSION else value
                    yield Key(student, name, kind, subject), number


def _queries() -> list[tuple[Select[Any], tuple[Kind, ...]]]:
    """Return the queries for nbgrader's tables, and the kinds of the columns after student, assignment and subject."""
    ids = (SubmittedAssignment.student_id, Assignment.name)
    cell_names = (*ids, Notebook.name.label("notebook"), BaseCell.name.label("cell"))
    grades = select(*cell_names, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    comments = select(*cell_names, Comment.manual_comment)
    penalties = select(*ids, Notebook.name.label("notebook"), _NOTHING, SubmittedNotebook.late_submission_penalty)
    extensions = select(*ids, _NOTHING, _NOTHING, SubmittedAssignment.extension).select_from(SubmittedAssignment)
    return [
        (_of_notebooks(_of_cells(grades, Grade)), (Kind.AUTO_SCORE, Kind.MANUAL_SCORE, Kind.EXTRA_CREDIT)),
        (_of_notebooks(_of_cells(comments, Comment)), (Kind.COMMENT,)),
        (_of_notebooks(penalties.select_from(SubmittedNotebook)), (Kind.LATE_PENALTY,)),
        (_of_submissions(extensions), (Kind.EXTENSION,)),
    ]


def _of_cells(query: Select[Any], table: Any) -> Select[Any]:
    """Join grades or comments with their cells."""
    joined = query.select_from(table).join(BaseCell, BaseCell.id == table.cell_id)
    return joined.join(SubmittedNotebook, SubmittedNotebook.id == table.notebook_id)


def _of_notebooks(query: Select[Any]) -> Select[Any]:
    notebooks = query.join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
    submissions = notebooks.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    return _of_submissions(submissions)


def _of_submissions(query: Select[Any]) -> Select[Any]:
    return query.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
