"""The one writer of the gradebook: many submissions in one transaction, with the same rows as nbgrader's own.

nbgrader's objects load a cell at a time; here a batch is read and written table by table. What a person wrote (manual
scores, extra credit, comments) is read in the same transaction and never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from nbgrader.api import Assignment, Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Notebook as NotebookObject
from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event, select

from autograder.bridge import database, table
from autograder.bridge.batch.desk import Marked
from autograder.bridge.batch.lock import server_lock
from autograder.bridge.late import Dates
from autograder.bridge.marks import Marks
from autograder.bridge.table import Grading

_WAIT = 60.0  # seconds for another writer to finish
_STUDENT, _ASSIGNMENT, _SUBMISSION, _NOTEBOOK, _GRADE, _COMMENT = (
    one.__table__ for one in (Student, Assignment, SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
# The marks that a notebook loses: of a student, a score, and how many seconds late.
Penalty = Callable[[str, float, float], float]
Row = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """What goes into the gradebook of one submission."""

    marked: Marked
    fingerprint: str
    timestamp: datetime | None


@dataclass(frozen=True)
class _Notebook:
    """A notebook of the assignment in the gradebook: its id, and those of its cells by their names."""

    id: str
    grades: Mapping[str, str]
    comments: Mapping[str, str]
    points: Mapping[str, float]


@dataclass
class _Rows:
    """The rows of some students: by student, by student and notebook, and by these and the cell."""

    submissions: dict[str, Row] = field(default_factory=dict)
    notebooks: dict[tuple[str, str], Row] = field(default_factory=dict)
    grades: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    comments: dict[tuple[str, str, str], Row] = field(default_factory=dict)


class Book:
    """The gradebook while an assignment is graded. Use it as a context manager."""

    def __init__(self, folder: Any, dates: Dates, penalty: Penalty) -> None:
        """``folder`` is an nbgrader ``CourseDirectory``."""
        self._assignment, self._dates, self._penalty = folder.assignment_id, dates, penalty
        with Gradebook(folder.db_url, folder.course_id) as gradebook:
            found = gradebook.find_assignment(self._assignment)
            self._id, self._due = found.id, dates.due(found.duedate)
            self._notebooks = {one.name: _notebook(one) for one in found.notebooks}
        self._engine = _engine(folder.db_url)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def locked(self) -> AbstractContextManager[None]:
        """Keep others who use this gradebook from grading the same assignment."""
        return server_lock(self._engine, f"autograder grade {self._assignment}")

    def enrolled(self) -> set[str]:
        """The students whom the gradebook knows."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(_STUDENT.c.id)))

    def gradings(self) -> dict[str, Grading]:
        """What was graded before and is in the gradebook still, by student."""
        there = select(_SUBMISSION.c.student_id).where(_SUBMISSION.c.assignment_id == self._id)
        with self._engine.connect() as connection:
            known = set(connection.scalars(there))
            return {name: one for name, one in table.gradings(connection, self._assignment).items() if name in known}

    def scores(self, students: Iterable[str]) -> dict[str, dict[str, float | None]]:
        """The automatic scores that the gradebook has, by student and cell."""
        with self._engine.connect() as connection:
            found: dict[str, dict[str, float | None]] = {}
            for (student, _, cell), row in self._read(connection, students).grades.items():
                found.setdefault(student, {})[cell] = row["auto_score"]
            return found

    def marks(self, students: Iterable[str]) -> dict[str, list[Marks]]:
        """What goes onto the feedback of students, a page a notebook; late marks follow what was marked by hand."""
        with self._engine.begin() as connection:
            rows = self._read(connection, students)
            for student in rows.submissions:
                self._take_late_marks(rows, student)
            _write(connection, rows)
        return self._marks(rows)

    def save(self, entries: Sequence[Entry]) -> dict[str, list[Marks]]:
        """Write submissions, all of them or, where that fails, none; what goes onto their feedback."""
        by_student = {entry.marked.student: entry for entry in entries}
        with self._engine.begin() as connection:
            table.create(connection)
            connection.execute(_ASSIGNMENT.update().where(_ASSIGNMENT.c.id == self._id).values(duedate=self._due))
            known = set(connection.scalars(select(_STUDENT.c.id).where(_STUDENT.c.id.in_(by_student))))
            _insert(connection, _STUDENT, [{"id": student} for student in by_student if student not in known])
            rows = self._read(connection, by_student)
            for entry in entries:
                self._enter(rows, entry)
            _write(connection, rows)
            reports = [(entry.marked.student, report) for entry in entries for report in entry.marked.reports]
            table.save(connection, self._assignment, reports)
            table.save_gradings(connection, [self._grading(entry) for entry in entries])
        return self._marks(rows)

    def _read(self, connection: Connection, students: Iterable[str]) -> _Rows:
        found = _Rows()
        query = select(_SUBMISSION).where(
            _SUBMISSION.c.assignment_id == self._id, _SUBMISSION.c.student_id.in_(list(students))
        )
        submissions = {row["id"]: dict(row) for row in connection.execute(query).mappings()}
        found.submissions = {row["student_id"]: row for row in submissions.values()}
        names = {one.id: name for name, one in self._notebooks.items()}
        notebooks = {}
        for row in _all(connection, _NOTEBOOK, assignment_id=submissions, notebook_id=names):
            key = submissions[row["assignment_id"]]["student_id"], names[row["notebook_id"]]
            found.notebooks[key] = row
            notebooks[row["id"]] = key
        for target, rows, kind in ((_GRADE, found.grades, "grades"), (_COMMENT, found.comments, "comments")):
            cells = {id_: name for one in self._notebooks.values() for name, id_ in getattr(one, kind).items()}
            for row in _all(connection, target, notebook_id=notebooks, cell_id=cells):
                rows[(*notebooks[row["notebook_id"]], cells[row["cell_id"]])] = row
        return found

    def _enter(self, rows: _Rows, entry: Entry) -> None:
        """Put a submission into the rows, in memory."""
        student = entry.marked.student
        submission = rows.submissions.setdefault(student, _new(assignment_id=self._id, student_id=student))
        if entry.timestamp is not None:
            submission["timestamp"] = entry.timestamp
        for marked in entry.marked.notebooks:
            known, found, key = self._notebooks[marked.name], marked.found, (student, marked.name)
            new = _new(assignment_id=submission["id"], notebook_id=known.id, flagged=False)
            notebook = rows.notebooks.setdefault(key, new)
            for cell, id_ in known.grades.items():
                new = _new(notebook_id=notebook["id"], cell_id=id_, needs_manual_grade=True)
                row = rows.grades.setdefault((*key, cell), new)
                if cell in found.scores:
                    row["auto_score"] = found.scores[cell]
                    row["needs_manual_grade"] = row.get("manual_score") is not None or row["auto_score"] is None
            for cell, id_ in known.comments.items():
                row = rows.comments.setdefault((*key, cell), _new(notebook_id=notebook["id"], cell_id=id_))
                if cell in found.comments:
                    row["auto_comment"] = found.comments[cell]
        self._take_late_marks(rows, student)

    def _take_late_marks(self, rows: _Rows, student: str) -> None:
        """Put a student's extension and late marks into the rows, as course.yml has them."""
        submission = rows.submissions[student]
        submission["extension"] = self._dates.extension(student, submission.get("extension"))
        late = self._seconds_late(submission)
        for name, known in self._notebooks.items():
            if (student, name) in rows.notebooks:
                score = sum(_score(rows.grades.get((student, name, cell), {})) for cell in known.grades)
                lost = self._penalty(student, score, late) if late > 0 else None
                kept = None if lost is None else min(max(lost, 0.0), score)
                rows.notebooks[student, name]["late_submission_penalty"] = kept

    def _seconds_late(self, submission: Row) -> float:
        handed_in, due = submission.get("timestamp"), self._due
        if handed_in is None or due is None:
            return 0.0
        until = due + submission["extension"] if submission["extension"] else due
        return max(0.0, float((handed_in - until).total_seconds()))

    def _marks(self, rows: _Rows) -> dict[str, list[Marks]]:
        found: dict[str, list[Marks]] = {}
        for (student, name), row in rows.notebooks.items():
            known = self._notebooks[name]
            scores = {cell: _score(rows.grades.get((student, name, cell), {})) for cell in known.grades}
            comments = {cell: _comment(rows.comments.get((student, name, cell), {})) for cell in known.comments}
            one = Marks(
                student,
                self._assignment,
                name,
                sum(scores.values()),
                sum(known.points.values()),
                row["late_submission_penalty"] or 0,
                {cell: (score, known.points[cell]) for cell, score in scores.items()},
                comments,
            )
            found.setdefault(student, []).append(one)
        return found

    def _grading(self, entry: Entry) -> Grading:
        one = entry.marked
        about = (one.student, self._assignment, entry.fingerprint, one.status.value, one.message, one.isolation)
        return Grading(*about, one.seconds, table.now())


def _notebook(found: NotebookObject) -> _Notebook:
    graded, commented = (*found.grade_cells, *found.task_cells), (*found.solution_cells, *found.task_cells)
    return _Notebook(
        found.id,
        {cell.name: cell.id for cell in graded},
        {cell.name: cell.id for cell in commented},
        {cell.name: cell.max_score for cell in graded},
    )


def _new(**values: Any) -> Row:
    """A row that is not in its table yet."""
    return {"id": uuid4().hex, "new": True, **values}


def _score(grade: Row) -> float:
    """nbgrader's `Grade.score`."""
    manual, auto, extra = (grade.get(name) for name in ("manual_score", "auto_score", "extra_credit"))
    earned = auto if manual is None else manual
    return 0.0 if earned is None else earned + (extra or 0.0)


def _comment(comment: Row) -> str | None:
    """nbgrader's `Comment.comment`."""
    manual: str | None = comment.get("manual_comment")
    return comment.get("auto_comment") if manual is None else manual


def _write(connection: Connection, rows: _Rows) -> None:
    """New rows whole, of others what a batch may change."""
    for target, some, changed in (
        (_SUBMISSION, rows.submissions, ("timestamp", "extension")),
        (_NOTEBOOK, rows.notebooks, ("late_submission_penalty",)),
        (_GRADE, rows.grades, ("auto_score", "needs_manual_grade")),
        (_COMMENT, rows.comments, ("auto_comment",)),
    ):
        found = list(some.values())
        _insert(connection, target, [row for row in found if row.get("new")])
        old = [{"_id": row["id"], **{name: row[name] for name in changed}} for row in found if not row.get("new")]
        if old:
            connection.execute(target.update().where(target.c.id == bindparam("_id")), old)


def _insert(connection: Connection, target: Table, rows: list[Row]) -> None:
    if rows:
        names = [column.name for column in target.columns]
        connection.execute(target.insert(), [{name: row.get(name) for name in names} for row in rows])


def _all(connection: Connection, target: Table, **among: Iterable[str]) -> list[Row]:
    """The rows whose columns have one of some values each; with both columns of a key its index is used."""
    query = select(target).where(*(target.c[name].in_(list(values)) for name, values in among.items()))
    return [dict(row) for row in connection.execute(query).mappings()]


def _engine(db_url: str) -> Engine:
    """An engine; with SQLite its transactions lock at once, so that nobody writes between a read and a write."""
    if database.file(db_url) is None:
        return create_engine(db_url)
    engine = create_engine(db_url, connect_args={"timeout": _WAIT})

    @event.listens_for(engine, "connect")
    def by_hand(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver would begin a transaction with the first write only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
