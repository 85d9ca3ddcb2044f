"""The state of a gradebook: whether it can be used, and which assignments it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from nbgrader.api import Assignment, Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import inspect, text

from autograder.gradebook import database


@dataclass(frozen=True)
class AssignmentSummary:
    """The gradebook's record of an assignment: maximum points by graded cell, and the number of submissions."""

    cells: Mapping[str, float]
    submissions: int


def summarize_assignments(db_url: str) -> dict[str, AssignmentSummary]:
    """Return the assignments that the gradebook knows, by name; none if there is no gradebook yet."""
    if not _has_tables(db_url):
        return {}
    with Gradebook(db_url) as gradebook:
        return {assignment.name: _summarize(assignment) for assignment in gradebook.assignments}


def students(db_url: str) -> set[str]:
    """Return the ids of the students in the gradebook; none if there is no gradebook yet."""
    if not _has_tables(db_url):
        return set()
    with Gradebook(db_url) as gradebook:
        return {student.id for student in gradebook.students}


def gradebook_problem(db_url: str) -> str:
    """Return why the gradebook cannot be used and what to do; empty if it can be, or does not exist yet."""
    path = database.database_file(db_url)
    if path and not path.exists():
        return ""
    name = database.redacted_url(db_url)
    try:
        with database.connect(db_url) as connection:
            tables = inspect(connection).get_table_names()
            if not tables and not path:
                return ""
            if "alembic_version" not in tables:
                remedy = (
                    "Move the file away; the next grading makes a new one" if path else "Name an empty one in db_url"
                )
                return f"gradebook {name}: it is not a gradebook of nbgrader. {remedy}"
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except database.DatabaseError as error:
        return str(error)
    if revision != _newest_revision():
        return f"gradebook {name}: another version of nbgrader made it. Copy it, then run: nbgrader db upgrade"
    return ""


def _has_tables(db_url: str) -> bool:
    path = database.database_file(db_url)
    if path and not path.exists():
        return False
    with database.connect(db_url) as connection:
        return inspect(connection).has_table("assignment")


def _summarize(assignment: Assignment) -> AssignmentSummary:
    points = {cell.name: cell.max_score for notebook in assignment.notebooks for cell in notebook.grade_cells}
    return AssignmentSummary(points, assignment.num_submissions)


def _newest_revision() -> str | None:
    settings = AlembicConfig()
    settings.set_main_option("script_location", ALEMBIC_DIR)
    return ScriptDirectory.from_config(settings).get_current_head()
