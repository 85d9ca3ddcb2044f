"""Who waits for a person, and why: read from the gradebook, so that earlier runs count as well.

Of each graded cell that has no score, or that an instructor still has to confirm, the student is in this list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbgrader.api import Assignment, BaseCell, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Connection, and_, inspect, select

from autograder.gradebook import acceptances, grade_rules, held_results, verdict_table
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.held_results import HeldResult
from autograder.gradebook.verdict_table import GradingRecord
from autograder.verdict import Status

TO_MARK = "There is no mark yet. Enter it in formgrader."
NEW_WORK = "Other work was submitted after it was marked manually. Check the marks in formgrader, or accept them."
NOT_GRADED = "It was not graded. Grade it first."
_GRADED_CELLS = ("GradeCell", "TaskCell")  # nbgrader's names of the kinds of cells that have points


@dataclass(frozen=True)
class CellState:
    """A graded cell of a submission: its scores, and whether nbgrader lists it as waiting for a manual grade."""

    name: str
    auto_score: float | None
    manual_score: float | None
    is_flagged: bool

    @property
    def has_score(self) -> bool:
        """Whether somebody or something has given points."""
        return grade_rules.has_score(self.auto_score, self.manual_score)


@dataclass(frozen=True)
class SubmissionState:
    """What the gradebook knows about a submission. ``record`` is None if nbgrader alone has dealt with it.

    ``held`` is a newer result that did not replace the stored verdict.
    """

    student: str
    cells: tuple[CellState, ...]
    record: GradingRecord | None
    acceptance: Acceptance | None
    held: HeldResult | None = None

    @property
    def work(self) -> str:
        """The submitted files that the newest result is about, as in `GradingRecord`; empty if it is not known."""
        if self.held:
            return self.held.work
        return self.record.work if self.record else ""

    @property
    def is_settled(self) -> bool:
        """Whether an instructor has accepted the points of the work that was graded."""
        return bool(self.record and self.acceptance and self.acceptance.settles(self.work))

    @property
    def is_held(self) -> bool:
        """Whether a newer result was held back, and an instructor has neither accepted the points nor marked since."""
        if self.held is None:
            return False
        is_accepted_since = self.is_settled and self.acceptance and self.acceptance.accepted_at >= self.held.held_at
        return not is_accepted_since and any(cell.is_flagged for cell in self.cells)

    @property
    def unmarked_cells(self) -> tuple[str, ...]:
        """The cells without a score."""
        return tuple(cell.name for cell in self.cells if not cell.has_score)

    @property
    def is_in_doubt(self) -> bool:
        """Whether the status needs review and nobody has closed it."""
        if self.record is None or not self.record.status.needs_review or self.is_settled:
            return False
        is_marked = any(cell.manual_score is not None for cell in self.cells)
        return not is_marked or any(cell.is_flagged and cell.manual_score is None for cell in self.cells)

    @property
    def waits_for(self) -> str:
        """What a person has to do about the submission, in a sentence; empty if nobody has to do anything."""
        if self.is_held and self.held:
            return self.held.reason
        if self.is_in_doubt and self.record:
            return self.record.message or TO_MARK
        if self.unmarked_cells:
            return TO_MARK if self.record else NOT_GRADED
        if not any(cell.is_flagged for cell in self.cells):
            return ""
        return f"{NEW_WORK} {self.record.message}" if self.record and self.record.status.needs_review else NEW_WORK

    @property
    def is_only_unmarked(self) -> bool:
        """Whether nothing is wrong with the submission, but nobody has marked some of its answers yet."""
        return bool(self.record and self.unmarked_cells and not self.is_in_doubt and not self.is_held)

    @property
    def is_closed(self) -> bool:
        """Whether the status needs review, but an instructor has closed that."""
        return bool(self.record and self.record.status.needs_review and not self.waits_for)

    @property
    def status(self) -> Status:
        """How the submission ended."""
        return self.record.status if self.record else Status.NOT_GRADED


def load_submission_states(connection: Connection, assignment: str) -> dict[str, SubmissionState]:
    """Return the state of each submission of an assignment that is in the gradebook, by student."""
    if not inspect(connection).has_table(SubmittedAssignment.__tablename__):
        return {}
    records = verdict_table.load_grading_records(connection, assignment)
    accepted = acceptances.load_acceptances(connection, assignment)
    held = held_results.load_held_results(connection, assignment)
    cells = _load_cells(connection, assignment)
    return {
        student: SubmissionState(student, tuple(found), records.get(student), accepted.get(student), held.get(student))
        for student, found in sorted(cells.items())
    }


def _load_cells(connection: Connection, assignment: str) -> dict[str, Sequence[CellState]]:
    """Return the graded cells of each submission; a cell without a row in the gradebook has no score."""
    query = (
        select(
            SubmittedAssignment.student_id,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.needs_manual_grade,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .outerjoin(Notebook, Notebook.assignment_id == Assignment.id)
        .outerjoin(BaseCell, and_(BaseCell.notebook_id == Notebook.id, BaseCell.type.in_(_GRADED_CELLS)))
        .outerjoin(
            SubmittedNotebook,
            and_(
                SubmittedNotebook.notebook_id == Notebook.id, SubmittedNotebook.assignment_id == SubmittedAssignment.id
            ),
        )
        .outerjoin(Grade, and_(Grade.cell_id == BaseCell.id, Grade.notebook_id == SubmittedNotebook.id))
        .where(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id, BaseCell.name)
    )
    cells: dict[str, list[CellState]] = {}
    for student, name, auto_score, manual_score, is_flagged in connection.execute(query):
        found = cells.setdefault(student, [])
        if name is not None:
            found.append(CellState(name, auto_score, manual_score, is_flagged is not False))
    return dict(cells)
