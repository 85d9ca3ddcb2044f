"""Write many graded submissions into the gradebook in one transaction, with the same rows as nbgrader's own commands.

nbgrader's objects load one cell at a time; here a batch is read, completed and written table by table. What an
instructor wrote (manual scores, extra credit, comments) is read in the same transaction and never written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, Student
from sqlalchemy import select

from autograder.batch.class_list import ClassList
from autograder.batch.gradebook_rows import SUBMISSION, GradebookNotebook, Row, Rows, insert, new_row
from autograder.batch.held_submissions import StoredMark
from autograder.batch.lock import server_lock
from autograder.batch.submission_grader import GradedSubmission
from autograder.course import seeds
from autograder.gradebook import (
    acceptances,
    database,
    grade_rules,
    held_results,
    review,
    secret_fingerprint,
    tables,
    verdict_table,
)
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.grade_rules import PenaltyPolicy
from autograder.gradebook.held_results import HeldResult
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.gradebook.review import SubmissionState
from autograder.gradebook.verdict_table import GradingRecord
from autograder.history.entries import Author
from autograder.history.gradebook_state import record_changes
from autograder.nbgrader_plugin.cell_scores import CellScores, cells_in_doubt
from autograder.nbgrader_plugin.late_penalties import CourseDates

_STUDENT, _ASSIGNMENT = Student.__table__, Assignment.__table__


class GradebookWriter:
    """The gradebook while an assignment is graded. Use it as a context manager."""

    def __init__(self, directory: Any, dates: CourseDates, penalty_policy: PenaltyPolicy) -> None:
        """``directory`` is an nbgrader ``CourseDirectory``."""
        self._assignment, self._dates, self._penalty_policy = directory.assignment_id, dates, penalty_policy
        with Gradebook(directory.db_url, directory.course_id) as gradebook:
            assignment = gradebook.find_assignment(self._assignment)
            self._assignment_id, self._due = assignment.id, dates.due_date(assignment.duedate)
            self._notebooks = {
                notebook.name: GradebookNotebook.from_nbgrader(notebook) for notebook in assignment.notebooks
            }
        self._course_root = Path(directory.root)
        self._engine = database.writer_engine(directory.db_url)
        self._author = Author(f"autograder grade {self._assignment}")

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def locked(self) -> AbstractContextManager[None]:
        """Keep other users of this gradebook from grading the same assignment."""
        return server_lock(self._engine, f"autograder grade {self._assignment}")

    def enrolled(self) -> set[str]:
        """Return the students in the gradebook."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(_STUDENT.c.id)))

    def class_list(self) -> ClassList:
        """Return who is in the gradebook, and who of them was added by an instructor and not by a grading."""
        details = (_STUDENT.c.first_name, _STUDENT.c.last_name, _STUDENT.c.email, _STUDENT.c.lms_user_id)
        with self._engine.connect() as connection:
            students = {student: any(known) for student, *known in connection.execute(select(_STUDENT.c.id, *details))}
            submitted = set(connection.scalars(select(SUBMISSION.c.student_id)))
            graded_before = verdict_table.load_grading_records(connection, self._assignment)
        added = {student for student, is_described in students.items() if is_described or student not in submitted}
        return ClassList(students, added, graded_before)

    def grading_records(self) -> dict[str, GradingRecord]:
        """Return how submissions that are still in the gradebook were graded before, by student."""
        submitted = select(SUBMISSION.c.student_id).where(SUBMISSION.c.assignment_id == self._assignment_id)
        with self._engine.connect() as connection:
            students = set(connection.scalars(submitted))
            records = verdict_table.load_grading_records(connection, self._assignment)
        return {student: record for student, record in records.items() if student in students}

    def acceptances(self) -> dict[str, Acceptance]:
        """Return which submissions an instructor has accepted, by student."""
        with self._engine.connect() as connection:
            return acceptances.load_acceptances(connection, self._assignment)

    def seeds(self) -> dict[str, int]:
        """Return the seeds that submissions were graded with before, by student."""
        with self._engine.connect() as connection:
            return secret_fingerprint.load_seeds(connection, self._assignment)

    def held(self) -> set[str]:
        """Return the students whose newest results were held back."""
        with self._engine.connect() as connection:
            return set(held_results.load_held_results(connection, self._assignment))

    def submission_states(self) -> dict[str, SubmissionState]:
        """Return what the gradebook knows about each submission, by student."""
        with self._engine.connect() as connection:
            return review.load_submission_states(connection, self._assignment)

    def scores(self, students: Iterable[str]) -> dict[str, dict[str, float | None]]:
        """Return the automatic scores in the gradebook, by student and cell."""
        with self._engine.connect() as connection:
            rows = Rows.read(connection, self._assignment_id, self._notebooks, students)
        scores: dict[str, dict[str, float | None]] = {}
        for (student, _, cell), row in rows.grades.items():
            scores.setdefault(student, {})[cell] = row["auto_score"]
        return scores

    def marks_before_and_after(
        self, submissions: Sequence[GradedSubmission]
    ) -> dict[str, tuple[StoredMark, StoredMark]]:
        """Return, for students in the gradebook, the mark that is stored and the one that `save` would store."""
        with self._engine.connect() as connection:
            rows = Rows.read(connection, self._assignment_id, self._notebooks, [sub.student for sub in submissions])
        before = {student: self._mark(rows, student) for student in rows.submissions}
        for submission in submissions:
            if submission.student in before:
                self._update_rows(rows, submission, is_settled=False)
        return {student: (mark, self._mark(rows, student)) for student, mark in before.items()}

    def hold(self, held: Sequence[HeldResult]) -> None:
        """Store results that do not replace the stored verdicts, and have the submissions wait for an instructor."""
        with self._engine.begin() as connection:
            tables.create_tables(connection)
            held_results.hold_results(connection, held)

    def _mark(self, rows: Rows, student: str) -> StoredMark:
        grades = {cell: row for (owner, _, cell), row in rows.grades.items() if owner == student}
        penalties = [row["late_submission_penalty"] for (owner, _), row in rows.notebooks.items() if owner == student]
        return StoredMark(
            scores={cell: row.get("auto_score") for cell, row in grades.items()},
            marked_manually=frozenset(cell for cell, row in grades.items() if row.get("manual_score") is not None),
            late_penalty=sum(filter(None, penalties)),
            submitted_at=rows.submissions[student].get("timestamp"),
        )

    def grades(self, students: Iterable[str]) -> dict[str, list[NotebookGrades]]:
        """Return what the feedback pages of students show, after late penalties followed manual scores."""
        with self._engine.begin() as connection:
            rows = Rows.read(connection, self._assignment_id, self._notebooks, students)
            for student in rows.submissions:
                self._set_late_penalties(rows, student)
            rows.write(connection)
            record_changes(connection, self._author, self._assignment, sorted(rows.submissions))
        return self._grades(rows)

    def save(self, submissions: Sequence[GradedSubmission]) -> dict[str, list[NotebookGrades]]:
        """Write all submissions or, if that fails, none; return what their feedback pages show."""
        students = {submission.student for submission in submissions}
        with self._engine.begin() as connection:
            tables.create_tables(connection)
            due = _ASSIGNMENT.update().where(_ASSIGNMENT.c.id == self._assignment_id).values(duedate=self._due)
            connection.execute(due)
            enrolled = set(connection.scalars(select(_STUDENT.c.id).where(_STUDENT.c.id.in_(students))))
            insert(connection, _STUDENT, [{"id": student} for student in sorted(students - enrolled)])
            rows = Rows.read(connection, self._assignment_id, self._notebooks, students)
            accepted = acceptances.load_acceptances(connection, self._assignment)
            for submission in submissions:
                acceptance = accepted.get(submission.student)
                self._update_rows(
                    rows, submission, acceptance is not None and acceptance.settles(submission.record.work)
                )
            rows.write(connection)
            gradings = [(submission.record, submission.reports) for submission in submissions]
            verdict_table.save_gradings(connection, gradings)
            record_changes(connection, self._author, self._assignment, sorted(students))
            held_results.delete_held_results(connection, self._assignment, students)
            secret_fingerprint.save_fingerprint(connection, seeds.fingerprint(self._course_root))
        return self._grades(rows)

    def _update_rows(self, rows: Rows, submission: GradedSubmission, is_settled: bool) -> None:
        """Put a submission into the rows, in memory; ``is_settled`` says whether an instructor accepted it."""
        student = submission.student
        new = new_row(assignment_id=self._assignment_id, student_id=student)
        submission_row = rows.submissions.setdefault(student, new)
        if submission.time.moment or submission.time.problem:
            submission_row["timestamp"] = submission.time.moment
        in_doubt = cells_in_doubt(submission.notebooks, submission.record.status)
        for name, cell_scores in submission.notebooks.items():
            notebook = self._notebooks[name]
            new = new_row(assignment_id=submission_row["id"], notebook_id=notebook.id, flagged=False)
            notebook_row = rows.notebooks.setdefault((student, name), new)
            _update_cells(rows, (student, name), notebook_row["id"], notebook, cell_scores)
            for cell in cell_scores.scores.keys() & notebook.grades.keys():
                grade = rows.grades[student, name, cell]
                grade["needs_manual_grade"] = grade_rules.needs_manual_grade(
                    grade["auto_score"],
                    grade.get("manual_score"),
                    in_doubt=cell in in_doubt[name],
                    is_settled=is_settled,
                    was_flagged=submission.is_new_work or grade["needs_manual_grade"],
                )
        self._set_late_penalties(rows, student)

    def _set_late_penalties(self, rows: Rows, student: str) -> None:
        """Put a student's extension and late penalties into the rows."""
        submission = rows.submissions[student]
        submission["extension"] = self._dates.extension(student, submission.get("extension"))
        late = grade_rules.seconds_late(
            submission.get("timestamp"), self._due, submission["extension"], self._dates.zone
        )
        for name, notebook in self._notebooks.items():
            if (student, name) in rows.notebooks:
                score = sum(rows.score(student, name, cell) for cell in notebook.grades)
                is_marked = any(rows.has_score(student, name, cell) for cell in notebook.grades)
                penalty = grade_rules.late_penalty_of(self._penalty_policy, student, score, late)
                rows.notebooks[student, name]["late_submission_penalty"] = penalty if is_marked else None

    def _grades(self, rows: Rows) -> dict[str, list[NotebookGrades]]:
        grades: dict[str, list[NotebookGrades]] = {}
        for (student, name), row in rows.notebooks.items():
            notebook = self._notebooks[name]
            scores = {cell: rows.score(student, name, cell) for cell in notebook.grades}
            notebook_grades = NotebookGrades(
                student=student,
                assignment=self._assignment,
                notebook=name,
                score=sum(scores.values()),
                max_score=sum(notebook.points.values()),
                late_penalty=row["late_submission_penalty"] or 0,
                scores={
                    cell: (score if rows.has_score(student, name, cell) else None, notebook.points[cell])
                    for cell, score in scores.items()
                },
                comments={cell: rows.comment(student, name, cell) for cell in notebook.comments},
                waiting=frozenset(cell for cell in notebook.grades if rows.waits(student, name, cell)),
            )
            grades.setdefault(student, []).append(notebook_grades)
        return grades


def _update_cells(
    rows: Rows, key: tuple[str, str], notebook_row_id: str, notebook: GradebookNotebook, cell_scores: CellScores
) -> None:
    """Put the automatic scores and comments of a notebook into the rows; ``key`` is student and notebook."""
    for cell, cell_id in notebook.grades.items():
        new = new_row(notebook_id=notebook_row_id, cell_id=cell_id, needs_manual_grade=True)
        row: Row = rows.grades.setdefault((*key, cell), new)
        if cell in cell_scores.scores:
            row["auto_score"] = cell_scores.scores[cell]
    for cell, cell_id in notebook.comments.items():
        row = rows.comments.setdefault((*key, cell), new_row(notebook_id=notebook_row_id, cell_id=cell_id))
        if cell in cell_scores.comments:
            row["auto_comment"] = cell_scores.comments[cell]
