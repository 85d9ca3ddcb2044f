"""A course directory that nbgrader's own commands grade in this process, and notebooks to submit to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp

from autograder.gradebook import verdict_table
from autograder.nbgrader_plugin.nbgrader_commands import NbgraderCommands, nbgrader_application

ROOT = Path(__file__).parents[2]
RIGHT = (ROOT / "autograder" / "demo" / "answers" / "right_broadcast.py").read_text()
ASSIGNMENTS = ("3-softmax", "6-reflection")
Cell = dict[str, Any]


class StockCourse:
    """A course directory made of this repository's built folders, with nbgrader's commands."""

    def __init__(self, root: Path, app: NbGraderApp) -> None:
        self.root, self.app = root, app
        self.db_url: str = app.coursedir.db_url

    def notebook(self, assignment: str) -> dict[str, Any]:
        """The released notebook."""
        path = self.root / "assignments" / assignment / f"{assignment}.ipynb"
        notebook: dict[str, Any] = json.loads(path.read_text())
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        return notebook

    def answered(self, answer: str = RIGHT) -> dict[str, Any]:
        """The notebook of 3-softmax with an answer."""
        notebook = self.notebook("3-softmax")
        cell_named(notebook, "softmax")["source"] = answer
        return notebook

    def grade(
        self, student: str, assignment: str, notebook: dict[str, Any] | str | bytes
    ) -> dict[str, tuple[float | None, bool]]:
        """Submit and autograde; return score and whether manual grading is needed for each graded cell."""
        path = self.root / "submitted" / student / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(notebook) if isinstance(notebook, dict) else notebook
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.autograde(student, assignment)

    def autograde(self, student: str, assignment: str) -> dict[str, tuple[float | None, bool]]:
        """Autograde what is submitted; return score and whether manual grading is needed for each graded cell."""
        NbgraderCommands(self.app, assignment).autograde(student)
        with Gradebook(self.db_url) as gradebook:
            (submitted,) = gradebook.find_submission(assignment, student).notebooks
            return {grade.name: (grade.auto_score, grade.needs_manual_grade) for grade in submitted.grades}

    def feedback(self, student: str, assignment: str) -> str:
        """Generate feedback and return the student's page."""
        NbgraderCommands(self.app, assignment).feedback()
        return (self.root / "feedback" / student / assignment / f"{assignment}.html").read_text()

    def graded_notebook(self, student: str, assignment: str) -> str:
        """The text of the graded notebook."""
        return (self.root / "autograded" / student / assignment / f"{assignment}.ipynb").read_text()

    def verdict(self, student: str) -> verdict_table.StoredVerdict:
        """The stored verdict on the student's softmax."""
        verdicts = verdict_table.load_verdicts(self.db_url, "3-softmax")
        return next(verdict for verdict in verdicts if verdict.student == student)

    def set(self, old: str, new: str) -> None:
        """Change a line of course.yml; the fixture restores it."""
        path = self.root / "course.yml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))


def create_stock_course(root: Path, db_url: str, assignments: Sequence[str] = ASSIGNMENTS) -> None:
    """Create a course whose gradebook knows the assignments."""
    for name in ("course.yml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, root / name)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = {db_url!r}\n")
    for folder in ("solutions", "assignments"):
        for assignment in assignments:
            shutil.copytree(ROOT / folder / assignment, root / folder / assignment)
    with nbgrader_application(root) as app:
        for assignment in assignments:
            NbgraderCommands(app, assignment).generate()


def cell_named(notebook: dict[str, Any], name: str) -> Cell:
    """Return the cell with a grade_id."""
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code_cell(source: str) -> Cell:
    """Return a code cell as a student adds one."""
    return {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
