"""`autograder grade`: what nbgrader's own commands would leave behind, many times faster, and nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.helpers.classroom import Classroom, hand_in_softmax, hand_in_texts
from tests.helpers.gradebook_rows import rows

pytestmark = pytest.mark.slow


def grade_manually(classroom: Classroom, assignment: str, score: float = 1.5) -> None:
    """Grade as an instructor does in formgrader."""
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
def pair(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[[Path], str]) -> list[Classroom]:
    """The same class twice: for nbgrader's own commands, and for `autograder grade`."""
    classrooms = []
    for name in ("stock", "batch"):
        folder = tmp_path_factory.mktemp(name)
        classroom = Classroom(folder, new_database(folder), "0-start", "3-softmax", "6-reflection")
        hand_in_softmax(classroom)
        hand_in_texts(classroom)
        classrooms.append(classroom)
    shutil.copy(classrooms[0].root / ".autograder-secret", classrooms[1].root / ".autograder-secret")
    return classrooms


@pytest.mark.parametrize("assignment", ["3-softmax", "6-reflection", "0-start"])
def test_all_results_are_those_of_nbgraders_own_commands(pair: list[Classroom], assignment: str) -> None:
    stock, batch = pair
    stock.stock(assignment)
    batch.grade(assignment, feedback=True)
    assert rows(batch.db_url, assignment) == rows(stock.db_url, assignment)
    assert batch.tree() == stock.tree()
    for classroom in pair:
        grade_manually(classroom, assignment)
    stock.stock(assignment)
    batch.grade(assignment, feedback=True, force=True)
    assert rows(batch.db_url, assignment) == rows(stock.db_url, assignment)
    assert batch.tree() == stock.tree()
    for classroom in pair:
        grade_manually(classroom, assignment, score=2.5)
    stock.with_nbgrader(assignment, lambda commands: commands.feedback())
    assert batch.grade(assignment, feedback=True)[0].graded == 0
    assert rows(batch.db_url, assignment) == rows(stock.db_url, assignment)
    assert batch.tree() == stock.tree()
