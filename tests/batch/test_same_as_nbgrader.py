"""`autograder grade` leaves the same gradebook, notebooks and feedback as nbgrader's own commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers.classroom import Classroom, submit_reflections, submit_softmax_class, submit_starts
from tests.helpers.gradebook_rows import rows
from tests.helpers.postgres import Server

pytestmark = pytest.mark.slow
ASSIGNMENTS = ("3-softmax", "6-reflection", "0-start")
Twins = tuple[Classroom, Classroom]


def grade_manually(classroom: Classroom, assignment: str, score: float = 1.5) -> None:
    """Give scores, extra credit and comments as an instructor does in formgrader."""
    with Gradebook(classroom.db_url) as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                for number, grade in enumerate(sorted(notebook.grades, key=lambda grade: grade.name)):
                    if grade.auto_score is None or number % 2:
                        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, 0.25, False
                for comment in notebook.comments:
                    comment.manual_comment = f"Good, {submission.student.id}: $x^2$."
        gradebook.db.commit()


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    """The same class twice, with the same secret: one for nbgrader's own commands, one for the batch."""
    folder = tmp_path_factory.mktemp("twins")
    stock = Classroom(folder / "stock", f"sqlite:///{folder / 'stock' / 'gradebook.db'}", *ASSIGNMENTS)
    submit_softmax_class(stock)
    submit_reflections(stock)
    submit_starts(stock)
    return stock, stock.twin(folder / "batch")


@pytest.fixture
def twins_in_postgresql(tmp_path: Path, postgresql: Server) -> Twins:
    """The same with one assignment, whose grades, comments and late days fill every table."""

    def create(name: str) -> Classroom:
        folder = tmp_path / name
        folder.mkdir()
        classroom = Classroom(folder, postgresql.new(), "6-reflection")
        submit_reflections(classroom)
        return classroom

    stock, batch = create("stock"), create("batch")
    shutil.copy(stock.root / ".autograder-secret", batch.root / ".autograder-secret")
    return stock, batch


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_gradebook_and_files_are_the_same_as_after_nbgraders_commands(twins: Twins, assignment: str) -> None:
    assert_both_ways_agree(twins, assignment)


def test_postgresql_holds_the_same_after_nbgraders_commands(twins_in_postgresql: Twins) -> None:
    assert_both_ways_agree(twins_in_postgresql, "6-reflection")


def assert_both_ways_agree(twins: Twins, assignment: str) -> None:
    """Grade both ways, grade manually and do it again; then give feedback after more manual grading."""
    stock, batch = twins
    stock.stock(assignment)
    batch.grade(assignment, feedback=True)
    assert_same(twins, assignment)
    for classroom in twins:
        grade_manually(classroom, assignment)
    stock.stock(assignment)
    batch.grade(assignment, feedback=True, force=True)
    assert_same(twins, assignment)
    for classroom in twins:
        grade_manually(classroom, assignment, score=2.5)
    stock.with_nbgrader(assignment, lambda commands: commands.feedback())
    assert batch.grade(assignment, feedback=True)[0].graded == 0
    assert_same(twins, assignment)


def assert_same(twins: Twins, assignment: str) -> None:
    stock, batch = twins
    assert rows(batch.db_url, assignment) == rows(stock.db_url, assignment)
    assert batch.tree() == stock.tree()
