"""A small gradebook with nbgrader's tables and ours, for tests of the history."""

from __future__ import annotations

import warnings
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.gradebook import database, tables
from autograder.gradebook.verdict_table import GradingRecord, save_gradings
from autograder.history import entries
from autograder.history.entries import Author, Entry
from autograder.history.gradebook_state import record_changes
from autograder.verdict import CriterionResult, Report, Status, Verdict

NAME, GRADER = "3-softmax", Author("autograder grade 3-softmax", "teacher", "host")


class SmallGradebook:
    """One assignment, and Ann, who submitted it."""

    def __init__(self, root: Path, db_url: str) -> None:
        self.root, self.db_url = root, db_url
        with warnings.catch_warnings(), Gradebook(db_url) as gradebook:
            warnings.simplefilter("ignore")  # of nbgrader about its own session
            gradebook.add_assignment(NAME)
            gradebook.add_notebook(NAME, NAME)
            gradebook.add_grade_cell("check-softmax", NAME, NAME, max_score=5, cell_type="code")
            gradebook.add_solution_cell("essay", NAME, NAME)
            gradebook.add_student("ann")
            gradebook.add_submission(NAME, "ann")
        self.engine = database.writer_engine(db_url)

    def judge(self, score: float, status: Status = Status.GRADED, work: str = "w") -> None:
        """Store a verdict of Ann's softmax and record it, as a run does."""
        criteria = (CriterionResult("no overflow", score, 5.0),)
        report = Report("", "softmax", status, "So it is.", 5.0, "full", 7, Verdict((), criteria))
        with self.engine.begin() as connection:
            tables.create_tables(connection)
            record = GradingRecord("ann", NAME, "f", status, "", "full", 1.0, work=work)
            save_gradings(connection, [(record, [report])])
            record_changes(connection, GRADER, NAME, ["ann"])

    def mark(self, score: float | None, comment: str | None = None) -> None:
        """Enter a manual mark and a comment, as formgrader does."""
        with Gradebook(self.db_url) as gradebook:
            gradebook.find_grade("check-softmax", NAME, NAME, "ann").manual_score = score
            gradebook.find_comment("essay", NAME, NAME, "ann").manual_comment = comment
            gradebook.db.commit()

    def manual_score(self) -> float | None:
        """Return Ann's manual mark."""
        with Gradebook(self.db_url) as gradebook:
            score: float | None = gradebook.find_grade("check-softmax", NAME, NAME, "ann").manual_score
            return score

    def tamper(self, statement: str) -> None:
        """Change a table without anybody's knowledge."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def history(self) -> list[Entry]:
        """Record what others wrote, and return all entries."""
        with self.engine.begin() as connection:
            record_changes(connection, Author("autograder history", "teacher", "host"), is_noticed=True)
            return entries.load(connection)
