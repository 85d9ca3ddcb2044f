"""Rows of nbgrader's tables, read and written many at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import Connection, create_engine

from autograder.batch.gradebook_rows import GradebookNotebook, Rows, new_row

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def db_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A gradebook with one notebook, which novak submitted and kim did not."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    db_url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(db_url) as gradebook:
        for student in ("novak", "kim"):
            gradebook.add_student(student)
        gradebook.add_assignment("a")
        gradebook.add_notebook("n", "a")
        gradebook.add_grade_cell("test", "n", "a", max_score=3, cell_type="code")
        gradebook.add_solution_cell("answer", "n", "a")
        gradebook.add_submission("a", "novak")
        grade = gradebook.find_grade("test", "n", "a", "novak")
        grade.auto_score, grade.manual_score, grade.extra_credit = 2, 1, 0.5
        gradebook.db.commit()
    return db_url


@pytest.fixture
def notebook(db_url: str) -> GradebookNotebook:
    """The notebook as the gradebook has it."""
    with Gradebook(db_url) as gradebook:
        return GradebookNotebook.from_nbgrader(gradebook.find_notebook("n", "a"))


@pytest.fixture
def connection(db_url: str) -> Iterator[Connection]:
    """An open transaction, which is committed at the end."""
    engine = create_engine(db_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def read(connection: Connection, db_url: str, notebook: GradebookNotebook, *students: str) -> Rows:
    with Gradebook(db_url) as gradebook:
        assignment_id = gradebook.find_assignment("a").id
    return Rows.read(connection, assignment_id, {"n": notebook}, students)


def test_a_notebook_knows_its_cells_and_their_points(notebook: GradebookNotebook) -> None:
    assert (set(notebook.grades), set(notebook.comments), notebook.points) == ({"test"}, {"answer"}, {"test": 3})


def test_only_the_rows_of_the_given_students_are_read(
    connection: Connection, db_url: str, notebook: GradebookNotebook
) -> None:
    rows = read(connection, db_url, notebook, "novak", "kim")
    assert (set(rows.submissions), set(rows.notebooks)) == ({"novak"}, {("novak", "n")})
    assert (set(rows.grades), set(rows.comments)) == ({("novak", "n", "test")}, {("novak", "n", "answer")})
    assert read(connection, db_url, notebook, "kim").submissions == {}


def test_scores_and_comments_include_manual_grading(
    connection: Connection, db_url: str, notebook: GradebookNotebook
) -> None:
    rows = read(connection, db_url, notebook, "novak")
    rows.comments["novak", "n", "answer"] |= {"auto_comment": "No response.", "manual_comment": "Good"}
    assert rows.score("novak", "n", "test") == 1.5
    assert rows.comment("novak", "n", "answer") == "Good"
    assert (rows.score("kim", "n", "test"), rows.comment("kim", "n", "answer")) == (0, None)


def test_writing_changes_nothing_that_an_instructor_wrote(
    connection: Connection, db_url: str, notebook: GradebookNotebook
) -> None:
    rows = read(connection, db_url, notebook, "novak")
    rows.grades["novak", "n", "test"] |= {"auto_score": 3, "manual_score": 0, "needs_manual_grade": True}
    rows.write(connection)
    row = read(connection, db_url, notebook, "novak").grades["novak", "n", "test"]
    assert (row["auto_score"], row["needs_manual_grade"]) == (3, True)
    assert (row["manual_score"], row["extra_credit"]) == (1, 0.5)


def test_new_rows_are_inserted_whole(connection: Connection, db_url: str, notebook: GradebookNotebook) -> None:
    rows = read(connection, db_url, notebook, "novak")
    assignment_id = rows.submissions["novak"]["assignment_id"]
    rows.submissions["kim"] = new_row(assignment_id=assignment_id, student_id="kim")
    new = new_row(assignment_id=rows.submissions["kim"]["id"], notebook_id=notebook.id, flagged=False)
    rows.notebooks["kim", "n"] = new | {"late_submission_penalty": 0.5}
    rows.write(connection)
    again = read(connection, db_url, notebook, "novak", "kim")
    assert set(again.submissions) == {"novak", "kim"}
    assert again.notebooks["kim", "n"]["late_submission_penalty"] == 0.5
