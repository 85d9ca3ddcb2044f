"""Whether a gradebook can be used, and which assignments it knows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.gradebook.inspection import AssignmentSummary, gradebook_problem, summarize_assignments

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a gradebook is made."""
    return tmp_path / "gradebook.db"


def problem(path: Path) -> str:
    return gradebook_problem(f"sqlite:///{path}")


def test_a_gradebook_that_does_not_exist_yet_is_no_problem(path: Path) -> None:
    assert problem(path) == ""
    assert summarize_assignments(f"sqlite:///{path}") == {}
    assert not path.exists()


def test_a_gradebook_of_this_nbgrader_is_no_problem(path: Path, environment_on_path: None) -> None:
    Gradebook(f"sqlite:///{path}").close()
    assert problem(path) == ""


def test_a_database_of_something_else_is_a_problem(path: Path) -> None:
    sqlite3.connect(path).execute("CREATE TABLE x (y)").connection.close()
    assert "it is not a gradebook of nbgrader. Move the file away" in problem(path)
    assert summarize_assignments(f"sqlite:///{path}") == {}


def test_a_file_that_is_no_database_is_a_problem(path: Path) -> None:
    path.write_bytes(b"nonsense" * 100)
    assert "cannot be opened" in problem(path)


def test_a_gradebook_of_another_nbgrader_is_a_problem(path: Path, environment_on_path: None) -> None:
    Gradebook(f"sqlite:///{path}").close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = 'old'")
    connection.commit()
    connection.close()
    assert "nbgrader db upgrade" in problem(path)


def test_assignments_are_summarized_by_points_and_submissions(path: Path, environment_on_path: None) -> None:
    with Gradebook(f"sqlite:///{path}") as gradebook:
        gradebook.add_assignment("a")
        gradebook.add_notebook("n", "a")
        gradebook.add_grade_cell("check", "n", "a", max_score=3, cell_type="code")
        gradebook.add_student("novak")
        gradebook.add_submission("a", "novak")
    assert summarize_assignments(f"sqlite:///{path}") == {"a": AssignmentSummary({"check": 3}, 1)}
