"""The one writer of the gradebook: many submissions in one transaction, with the same rows as nbgrader's own.

nbgrader's objects load a cell at a time; here a batch is read, completed and written table by table (`rows`). What a
person wrote (manual scores, extra credit, comments) is read in the same transaction and never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Assignment, Gradebook, Student
from sqlalchemy import select

from autograder.batch.gradebook_rows import SUBMISSION, Notebook, Row, Rows, insert, new_row
from autograder.batch.lock import server_lock
from autograder.batch.submission_grader import GradedSubmission
from autograder.gradebook import database, verdict_table
from autograder.gradebook.notebook_grades import NotebookGrades
from autograder.gradebook.verdict_table import GradingRecord
from autograder.nbgrader_plugin.late_penalties import Dates

_STUDENT, _ASSIGNMENT = Student.__table__, Assignment.__table__
# The marks that a notebook loses: of a student, a score, and how many seconds late.
Penalty = Callable[[str, float, float], float]


@dataclass(frozen=True)
class GradebookEntry:
    """What goes into the gradebook of one submission."""

    marked: GradedSubmission
    fingerprint: str
    timestamp: datetime | None


class GradebookWriter:
    """The gradebook while an assignment is graded. Use it as a context manager."""

    def __init__(self, folder: Any, dates: Dates, penalty: Penalty) -> None:
        """``folder`` is an nbgrader ``CourseDirectory``."""
        self._assignment, self._dates, self._penalty = folder.assignment_id, dates, penalty
        with Gradebook(folder.db_url, folder.course_id) as gradebook:
            found = gradebook.find_assignment(self._assignment)
            self._id, self._due = found.id, dates.due(found.duedate)
            self._notebooks = {one.name: Notebook.of(one) for one in found.notebooks}
        self._engine = database.writer_engine(folder.db_url)

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def locked(self) -> AbstractContextManager[None]:
        """Keep others who use this gradebook from grading the same assignment."""
        return server_lock(self._engine, f"autograder grade {self._assignment}")

    def enrolled(self) -> set[str]:
        """The students whom the gradebook knows."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(_STUDENT.c.id)))

    def gradings(self) -> dict[str, GradingRecord]:
        """What was graded before and is in the gradebook still, by student."""
        there = select(SUBMISSION.c.student_id).where(SUBMISSION.c.assignment_id == self._id)
        with self._engine.connect() as connection:
            known = set(connection.scalars(there))
            return {
                name: one
                for name, one in verdict_table.load_grading_records(connection, self._assignment).items()
                if name in known
            }

    def scores(self, students: Iterable[str]) -> dict[str, dict[str, float | None]]:
        """The automatic scores that the gradebook has, by student and cell."""
        with self._engine.connect() as connection:
            found: dict[str, dict[str, float | None]] = {}
            for (student, _, cell), row in Rows.read(connection, self._id, self._notebooks, students).grades.items():
                found.setdefault(student, {})[cell] = row["auto_score"]
            return found

    def marks(self, students: Iterable[str]) -> dict[str, list[NotebookGrades]]:
        """What goes onto the feedback of students, a page a notebook; late marks follow what was marked by hand."""
        with self._engine.begin() as connection:
            rows = Rows.read(connection, self._id, self._notebooks, students)
            for student in rows.submissions:
                self._take_late_marks(rows, student)
            rows.write(connection)
        return self._marks(rows)

    def save(self, entries: Sequence[GradebookEntry]) -> dict[str, list[NotebookGrades]]:
        """Write submissions, all of them or, where that fails, none; what goes onto their feedback."""
        by_student = {entry.marked.student: entry for entry in entries}
        with self._engine.begin() as connection:
            verdict_table.create_tables(connection)
            connection.execute(_ASSIGNMENT.update().where(_ASSIGNMENT.c.id == self._id).values(duedate=self._due))
            known = set(connection.scalars(select(_STUDENT.c.id).where(_STUDENT.c.id.in_(by_student))))
            insert(connection, _STUDENT, [{"id": student} for student in by_student if student not in known])
            rows = Rows.read(connection, self._id, self._notebooks, by_student)
            for entry in entries:
                self._enter(rows, entry)
            rows.write(connection)
            reports = [(entry.marked.student, report) for entry in entries for report in entry.marked.reports]
            verdict_table.save_verdicts(connection, self._assignment, reports)
            verdict_table.save_grading_records(connection, [self._grading(entry) for entry in entries])
        return self._marks(rows)

    def _enter(self, rows: Rows, entry: GradebookEntry) -> None:
        """Put a submission into the rows, in memory."""
        student = entry.marked.student
        submission = rows.submissions.setdefault(student, new_row(assignment_id=self._id, student_id=student))
        if entry.timestamp is not None:
            submission["timestamp"] = entry.timestamp
        for marked in entry.marked.notebooks:
            known, found, key = self._notebooks[marked.name], marked.found, (student, marked.name)
            new = new_row(assignment_id=submission["id"], notebook_id=known.id, flagged=False)
            notebook = rows.notebooks.setdefault(key, new)
            for cell, id_ in known.grades.items():
                new = new_row(notebook_id=notebook["id"], cell_id=id_, needs_manual_grade=True)
                row = rows.grades.setdefault((*key, cell), new)
                if cell in found.scores:
                    row["auto_score"] = found.scores[cell]
                    row["needs_manual_grade"] = row.get("manual_score") is not None or row["auto_score"] is None
            for cell, id_ in known.comments.items():
                row = rows.comments.setdefault((*key, cell), new_row(notebook_id=notebook["id"], cell_id=id_))
                if cell in found.comments:
                    row["auto_comment"] = found.comments[cell]
        self._take_late_marks(rows, student)

    def _take_late_marks(self, rows: Rows, student: str) -> None:
        """Put a student's extension and late marks into the rows, as course.yml has them."""
        submission = rows.submissions[student]
        submission["extension"] = self._dates.extension(student, submission.get("extension"))
        late = self._seconds_late(submission)
        for name, known in self._notebooks.items():
            if (student, name) in rows.notebooks:
                score = sum(rows.score(student, name, cell) for cell in known.grades)
                lost = self._penalty(student, score, late) if late > 0 else None
                kept = None if lost is None else min(max(lost, 0.0), score)
                rows.notebooks[student, name]["late_submission_penalty"] = kept

    def _seconds_late(self, submission: Row) -> float:
        handed_in, due = submission.get("timestamp"), self._due
        if handed_in is None or due is None:
            return 0.0
        until = due + submission["extension"] if submission["extension"] else due
        return max(0.0, float((handed_in - until).total_seconds()))

    def _marks(self, rows: Rows) -> dict[str, list[NotebookGrades]]:
        found: dict[str, list[NotebookGrades]] = {}
        for (student, name), row in rows.notebooks.items():
            known = self._notebooks[name]
            scores = {cell: rows.score(student, name, cell) for cell in known.grades}
            comments = {cell: rows.comment(student, name, cell) for cell in known.comments}
            one = NotebookGrades(
                student,
                self._assignment,
                name,
                sum(scores.values()),
                sum(known.points.values()),
                row["late_submission_penalty"] or 0,
                {
                    cell: (score if rows.is_marked(student, name, cell) else None, known.points[cell])
                    for cell, score in scores.items()
                },
                comments,
            )
            found.setdefault(student, []).append(one)
        return found

    def _grading(self, entry: GradebookEntry) -> GradingRecord:
        one = entry.marked
        about = (one.student, self._assignment, entry.fingerprint, one.status.value, one.message, one.isolation)
        return GradingRecord(*about, one.seconds, verdict_table.utc_now())
