"""The rows of some students in nbgrader's tables, read and written table by table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from nbgrader.api import Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, Table, bindparam, select

from autograder.gradebook import grade_rules

SUBMISSION: Table = SubmittedAssignment.__table__
_NOTEBOOK: Table = SubmittedNotebook.__table__
_GRADE: Table = Grade.__table__
_COMMENT: Table = Comment.__table__
Row = dict[str, Any]


@dataclass(frozen=True)
class GradebookNotebook:
    """A notebook of the assignment: its id, and ids and maximum points of its cells by their names."""

    id: str
    grades: Mapping[str, str]
    comments: Mapping[str, str]
    points: Mapping[str, float]

    @classmethod
    def from_nbgrader(cls, notebook: Notebook) -> GradebookNotebook:
        """Read id, cells and points from a `Notebook` of nbgrader's database layer."""
        graded_cells = (*notebook.grade_cells, *notebook.task_cells)
        commented_cells = (*notebook.solution_cells, *notebook.task_cells)
        return cls(
            notebook.id,
            {cell.name: cell.id for cell in graded_cells},
            {cell.name: cell.id for cell in commented_cells},
            {cell.name: cell.max_score for cell in graded_cells},
        )


@dataclass
class Rows:
    """Rows of some students, by student, notebook name and cell name as far as they apply."""

    submissions: dict[str, Row] = field(default_factory=dict)
    notebooks: dict[tuple[str, str], Row] = field(default_factory=dict)
    grades: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    comments: dict[tuple[str, str, str], Row] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        connection: Connection,
        assignment_id: str,
        notebooks: Mapping[str, GradebookNotebook],
        students: Iterable[str],
    ) -> Rows:
        """Read what the gradebook has of students for an assignment and its notebooks, given by name."""
        rows = cls()
        for row in _select(connection, SUBMISSION, assignment_id=[assignment_id], student_id=students):
            rows.submissions[row["student_id"]] = row
        students_by_id = {row["id"]: student for student, row in rows.submissions.items()}
        names_by_id = {notebook.id: name for name, notebook in notebooks.items()}
        for row in _select(connection, _NOTEBOOK, assignment_id=students_by_id, notebook_id=names_by_id):
            rows.notebooks[students_by_id[row["assignment_id"]], names_by_id[row["notebook_id"]]] = row
        grade_cells = {id_: cell for notebook in notebooks.values() for cell, id_ in notebook.grades.items()}
        comment_cells = {id_: cell for notebook in notebooks.values() for cell, id_ in notebook.comments.items()}
        rows.grades = rows._read_cells(connection, _GRADE, grade_cells)
        rows.comments = rows._read_cells(connection, _COMMENT, comment_cells)
        return rows

    def _read_cells(
        self, connection: Connection, table: Table, cells_by_id: Mapping[str, str]
    ) -> dict[tuple[str, str, str], Row]:
        keys_by_id = {row["id"]: key for key, row in self.notebooks.items()}
        rows = _select(connection, table, notebook_id=keys_by_id, cell_id=cells_by_id)
        return {(*keys_by_id[row["notebook_id"]], cells_by_id[row["cell_id"]]): row for row in rows}

    def write(self, connection: Connection) -> None:
        """Insert new rows; update in the others only what grading may change."""
        _write(connection, SUBMISSION, self.submissions.values(), "timestamp", "extension")
        _write(connection, _NOTEBOOK, self.notebooks.values(), "late_submission_penalty")
        _write(connection, _GRADE, self.grades.values(), "auto_score", "needs_manual_grade")
        _write(connection, _COMMENT, self.comments.values(), "auto_comment")

    def score(self, student: str, notebook: str, cell: str) -> float:
        """Return the points of a cell, manual grading included."""
        row = self.grades.get((student, notebook, cell), {})
        return grade_rules.effective_score(row.get("auto_score"), row.get("manual_score"), row.get("extra_credit"))

    def has_score(self, student: str, notebook: str, cell: str) -> bool:
        """Whether a cell has been graded at all; without a score ``score`` returns 0."""
        row = self.grades.get((student, notebook, cell), {})
        return grade_rules.has_score(row.get("auto_score"), row.get("manual_score"))

    def waits(self, student: str, notebook: str, cell: str) -> bool:
        """Whether nbgrader lists a cell as waiting for a manual grade."""
        return bool(self.grades.get((student, notebook, cell), {}).get("needs_manual_grade", True))

    def comment(self, student: str, notebook: str, cell: str) -> str | None:
        """Return the comment on a cell: the manual one if there is one."""
        row = self.comments.get((student, notebook, cell), {})
        return grade_rules.effective_comment(row.get("auto_comment"), row.get("manual_comment"))


def new_row(**values: Any) -> Row:
    """Return a row that is not in its table yet."""
    return {"id": uuid4().hex, "new": True, **values}


def insert(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Insert rows. Values without a column are left out; columns without a value become NULL."""
    if rows:
        names = [column.name for column in table.columns]
        connection.execute(table.insert(), [{name: row.get(name) for name in names} for row in rows])


def _write(connection: Connection, table: Table, rows: Iterable[Row], *changeable: str) -> None:
    all_rows = list(rows)
    insert(connection, table, [row for row in all_rows if row.get("new")])
    changes = [{"_id": row["id"], **{name: row[name] for name in changeable}} for row in all_rows if not row.get("new")]
    if changes:
        connection.execute(table.update().where(table.c.id == bindparam("_id")), changes)


def _select(connection: Connection, table: Table, **values: Iterable[str]) -> list[Row]:
    """Return the rows whose columns have one of the given values each; with both columns of a key its index is used."""
    query = select(table).where(*(table.c[name].in_(list(among)) for name, among in values.items()))
    return [dict(row) for row in connection.execute(query).mappings()]
