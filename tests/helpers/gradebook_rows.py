"""A gradebook as plain data, by natural keys: what two ways of grading must agree on."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy import create_engine, text

from autograder.gradebook import grade_rules
from autograder.gradebook.notebook_grades import NotebookGrades

VERDICT_COLUMNS = (
    "student, exercise, status, message, score, max_score, seed, isolation, criteria, misconceptions, notes, version"
)
GRADING_COLUMNS = "student, status, message, isolation, version"  # the others differ between two ways of grading


def rows(db_url: str, assignment: str) -> dict[tuple[str, ...], Any]:
    """Return all rows of an assignment's submissions."""
    found: dict[tuple[str, ...], Any] = {}
    with Gradebook(db_url) as gradebook:
        about = gradebook.find_assignment(assignment)
        found["due",] = about.duedate
        for submission in about.submissions:
            who = submission.student.id
            late = submission.total_seconds_late
            found[who,] = (submission.timestamp, submission.extension, late, submission.score)
            for notebook in submission.notebooks:
                penalty, flagged = notebook.late_submission_penalty, notebook.flagged
                found[who, notebook.name] = (penalty, flagged, notebook.needs_manual_grade, notebook.score)
                for grade in notebook.grades:
                    values = (grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade)
                    found[who, notebook.name, "grade", grade.name] = (*values, grade.score, grade.max_score)
                for comment in notebook.comments:
                    found[who, notebook.name, "comment", comment.name] = (comment.auto_comment, comment.manual_comment)
    engine = create_engine(db_url)
    with engine.connect() as connection:
        query = text(f"SELECT {VERDICT_COLUMNS} FROM attention_verdicts WHERE assignment = :assignment")
        for row in connection.execute(query, {"assignment": assignment}):
            found[row[0], "verdict", row[1]] = tuple(row[2:])
        query = text(f"SELECT {GRADING_COLUMNS} FROM attention_gradings WHERE assignment = :assignment")
        for row in connection.execute(query, {"assignment": assignment}):
            found[row[0], "grading"] = tuple(row[1:])
    engine.dispose()
    return found


def marks(gradebook: Gradebook, assignment: str, student: str, notebook: str) -> NotebookGrades:
    """Return the grades of a notebook as nbgrader's objects give them."""
    found = gradebook.find_submission_notebook(notebook, assignment, student)
    return NotebookGrades(
        student,
        assignment,
        notebook,
        found.score,
        found.max_score,
        found.late_submission_penalty or 0,
        {
            grade.name: (
                grade.score if grade_rules.has_score(grade.auto_score, grade.manual_score) else None,
                grade.max_score,
            )
            for grade in found.grades
        },
        {one.name: one.comment for one in found.comments},
        frozenset(grade.name for grade in found.grades if grade.needs_manual_grade),
    )


def is_sound(db_url: str) -> bool:
    """Whether SQLite finds nothing wrong with a database."""
    engine = create_engine(db_url)
    with engine.connect() as connection:
        result = connection.execute(text("PRAGMA integrity_check")).scalars().all()
    engine.dispose()
    return list(result) == ["ok"]
