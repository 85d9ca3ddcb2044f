"""The rows that nbgrader's tables have of some students, read and written table by table for `book`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook
from nbgrader.api import Notebook as NotebookObject
from sqlalchemy import Connection, Table, bindparam, select

SUBMISSION, _NOTEBOOK, _GRADE, _COMMENT = (
    one.__table__ for one in (SubmittedAssignment, SubmittedNotebook, Grade, Comment)
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Notebook:
    """A notebook of the assignment in the gradebook: its id, and those of its cells by their names."""

    id: str
    grades: Mapping[str, str]
    comments: Mapping[str, str]
    points: Mapping[str, float]

    @classmethod
    def of(cls, found: NotebookObject) -> Notebook:
        """The same of nbgrader's object."""
        graded, commented = (*found.grade_cells, *found.task_cells), (*found.solution_cells, *found.task_cells)
        return cls(
            found.id,
            {cell.name: cell.id for cell in graded},
            {cell.name: cell.id for cell in commented},
            {cell.name: cell.max_score for cell in graded},
        )


@dataclass
class Rows:
    """The rows of some students: by student, by student and notebook, and by these and the cell."""

    submissions: dict[str, Row] = field(default_factory=dict)
    notebooks: dict[tuple[str, str], Row] = field(default_factory=dict)
    grades: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    comments: dict[tuple[str, str, str], Row] = field(default_factory=dict)

    @classmethod
    def read(
        cls, connection: Connection, assignment: str, notebooks: Mapping[str, Notebook], students: Iterable[str]
    ) -> Rows:
        """What the gradebook has of students for an assignment, given by its id, and its notebooks."""
        rows = cls()
        found = _all(connection, SUBMISSION, assignment_id=[assignment], student_id=students)
        submissions = {row["id"]: row for row in found}
        rows.submissions = {row["student_id"]: row for row in found}
        names = {one.id: name for name, one in notebooks.items()}
        keys = {}
        for row in _all(connection, _NOTEBOOK, assignment_id=submissions, notebook_id=names):
            key = submissions[row["assignment_id"]]["student_id"], names[row["notebook_id"]]
            rows.notebooks[key] = row
            keys[row["id"]] = key
        for target, some, kind in ((_GRADE, rows.grades, "grades"), (_COMMENT, rows.comments, "comments")):
            cells = {id_: name for one in notebooks.values() for name, id_ in getattr(one, kind).items()}
            for row in _all(connection, target, notebook_id=keys, cell_id=cells):
                some[(*keys[row["notebook_id"]], cells[row["cell_id"]])] = row
        return rows

    def write(self, connection: Connection) -> None:
        """Write new rows whole, of others what a batch may change."""
        for target, some, changed in (
            (SUBMISSION, self.submissions, ("timestamp", "extension")),
            (_NOTEBOOK, self.notebooks, ("late_submission_penalty",)),
            (_GRADE, self.grades, ("auto_score", "needs_manual_grade")),
            (_COMMENT, self.comments, ("auto_comment",)),
        ):
            found = list(some.values())
            insert(connection, target, [row for row in found if row.get("new")])
            old = [{"_id": row["id"], **{name: row[name] for name in changed}} for row in found if not row.get("new")]
            if old:
                connection.execute(target.update().where(target.c.id == bindparam("_id")), old)

    def score(self, student: str, notebook: str, cell: str) -> float:
        """nbgrader's `Grade.score`."""
        row = self.grades.get((student, notebook, cell), {})
        manual, auto, extra = (row.get(name) for name in ("manual_score", "auto_score", "extra_credit"))
        earned = auto if manual is None else manual
        return 0.0 if earned is None else earned + (extra or 0.0)

    def is_marked(self, student: str, notebook: str, cell: str) -> bool:
        """Whether the gradebook has a score for a cell; without one `score` is 0, as in nbgrader."""
        row = self.grades.get((student, notebook, cell), {})
        return row.get("manual_score") is not None or row.get("auto_score") is not None

    def comment(self, student: str, notebook: str, cell: str) -> str | None:
        """nbgrader's `Comment.comment`."""
        row = self.comments.get((student, notebook, cell), {})
        manual: str | None = row.get("manual_comment")
        return row.get("auto_comment") if manual is None else manual


def new_row(**values: Any) -> Row:
    """A row that is not in its table yet."""
    return {"id": uuid4().hex, "new": True, **values}


def insert(connection: Connection, target: Table, rows: list[Row]) -> None:
    """Put rows into a table; what they have no column for stays out, and a column that they lack is empty."""
    if rows:
        names = [column.name for column in target.columns]
        connection.execute(target.insert(), [{name: row.get(name) for name in names} for row in rows])


def _all(connection: Connection, target: Table, **among: Iterable[str]) -> list[Row]:
    """The rows whose columns have one of some values each; with both columns of a key its index is used."""
    query = select(target).where(*(target.c[name].in_(list(values)) for name, values in among.items()))
    return [dict(row) for row in connection.execute(query).mappings()]
