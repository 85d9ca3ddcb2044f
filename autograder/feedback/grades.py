"""The gradebook's grades in a notebook's cells, from which the feedback page is made."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import GetGrades

from autograder.feedback.page_content import IS_CLOSED, IS_MARKED
from autograder.gradebook import grade_rules


class ReadGrades(GetGrades):
    """nbgrader's ``GetGrades`` writes 0 for a cell without a score.

    This also records whether the cell has a score, and whether it needs no review any more.
    """

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        cell.metadata.nbgrader[IS_MARKED] = grade_rules.has_score(grade.auto_score, grade.manual_score)
        cell.metadata.nbgrader[IS_CLOSED] = not grade.needs_manual_grade
