"""A cell without a score is not mistaken for one with zero points."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat.v4 import new_markdown_cell
from nbgrader.api import MissingEntry

from autograder.feedback.grades import ReadGrades
from autograder.feedback.page_content import IS_CLOSED, IS_MARKED


class StoredGrade:
    max_score = 3.0

    def __init__(self, auto_score: float | None, manual_score: float | None) -> None:
        self.auto_score, self.manual_score = auto_score, manual_score
        self.needs_manual_grade = manual_score is None
        self.score = manual_score or auto_score or 0.0


class StoredGrades:
    """Stands in for nbgrader's gradebook with one cell."""

    def __init__(self, grade: StoredGrade) -> None:
        self._grade = grade

    def find_grade(self, *key: str) -> StoredGrade:
        if key != ("essay", "6-reflection", "6-reflection", "novak"):
            raise MissingEntry(str(key))
        return self._grade


@pytest.mark.parametrize(
    ("auto_score", "manual_score", "is_marked", "score"),
    [(None, None, False, 0), (0.0, None, True, 0), (None, 0.0, True, 0), (None, 2.0, True, 2)],
)
def test_a_cell_is_marked_if_it_has_an_automatic_or_a_manual_score(
    auto_score: Any, manual_score: Any, is_marked: bool, score: float
) -> None:
    cell = new_markdown_cell("Mine.", metadata={"nbgrader": {"grade_id": "essay"}})
    preprocessor = ReadGrades()
    preprocessor.gradebook = StoredGrades(StoredGrade(auto_score, manual_score))
    preprocessor.student_id, preprocessor.assignment_id = "novak", "6-reflection"
    preprocessor.notebook_id = "6-reflection"
    preprocessor._get_score(cell, {})
    assert cell.metadata.nbgrader[IS_MARKED] is is_marked
    assert cell.metadata.nbgrader[IS_CLOSED] is (manual_score is not None)
    assert (cell.metadata.nbgrader.score, cell.metadata.nbgrader.points) == (score, 3)
