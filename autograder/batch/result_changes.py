"""Compare the results of a run with the gradebook's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograder.batch.change_reasons import PointsChange, changed_parts, criterion_changes
from autograder.batch.gradebook_writer import GradebookWriter
from autograder.batch.submission_grader import GradedSubmission
from autograder.batch.summary import ResultChange, SubmissionResult
from autograder.gradebook import verdict_table
from autograder.gradebook.verdict_table import GradingRecord, StoredVerdict
from autograder.verdict import Status

Scores = Mapping[str, float | None]  # automatic scores, by the names of cells


class ResultComparison:
    """Compares graded submissions with the gradebook, before they are written into it."""

    def __init__(self, gradebook: GradebookWriter, course_directory: Any, records: Mapping[str, GradingRecord]) -> None:
        """``course_directory`` is an nbgrader ``CourseDirectory``.

        ``records`` says how submissions were graded earlier, by student.
        """
        self._gradebook, self._records = gradebook, records
        self._db_url, self._assignment = course_directory.db_url, course_directory.assignment_id

    def compare(self, submissions: Sequence[GradedSubmission]) -> Iterator[ResultChange]:
        """Yield each submission's result before and after; ``before`` is None if it was not graded yet."""
        old_scores = self._gradebook.scores([submission.student for submission in submissions])
        verdicts = self._stored_verdicts(list(old_scores))
        for submission in submissions:
            student, after = submission.student, _result_after(submission)
            if student not in old_scores:
                yield ResultChange(student, None, after)
                continue
            before = self._result_before(submission, old_scores[student], verdicts)
            own = [verdict for verdict in verdicts if verdict.student == student]
            yield ResultChange(
                student, before, after, self._changed_parts(submission), _points_changes(own, submission)
            )

    def stored_status(self, student: str) -> Status:
        """Return how the submission ended before."""
        record = self._records.get(student)
        return record.status if record else Status.GRADED

    def _changed_parts(self, submission: GradedSubmission) -> tuple[str, ...]:
        record = self._records.get(submission.student)
        if record is None:
            return ()
        return changed_parts(record, submission.record, is_new_work=submission.is_new_work)

    def _result_before(
        self, submission: GradedSubmission, scores: Scores, verdicts: Sequence[StoredVerdict]
    ) -> SubmissionResult:
        record = self._records.get(submission.student)
        mistakes = (verdict.misconceptions for verdict in verdicts if verdict.student == submission.student)
        return SubmissionResult(
            score=total_score(scores, cells=submission.scores_by_cell()),
            status=record.status.value if record else "",
            mistakes=first_mistakes(mistakes),
        )

    def _stored_verdicts(self, students: Sequence[str]) -> list[StoredVerdict]:
        if not students:
            return []
        return verdict_table.load_verdicts(self._db_url, self._assignment, students)


def _result_after(submission: GradedSubmission) -> SubmissionResult:
    scores = submission.scores_by_cell()
    return SubmissionResult(
        score=total_score(scores, cells=scores),
        status=submission.record.status.value,
        mistakes=first_mistakes(report.verdict.misconceptions for report in submission.reports),
    )


def _points_changes(verdicts: Sequence[StoredVerdict], submission: GradedSubmission) -> tuple[PointsChange, ...]:
    before = {verdict.exercise: verdict.criteria for verdict in verdicts if verdict.student == submission.student}
    return tuple(
        change
        for report in submission.reports
        if report.score is not None and report.exercise in before
        for change in criterion_changes(before[report.exercise], report.criteria)
    )


def total_score(scores: Scores, cells: Iterable[str]) -> float | None:
    """Return the sum of the scores of some cells; None if a cell has no score."""
    total = 0.0
    for cell in cells:
        score = scores.get(cell)
        if score is None:
            return None
        total += score
    return total


def first_mistakes(mistakes_by_exercise: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the first named mistake of each exercise that has one, in alphabetical order."""
    return tuple(sorted(mistakes[0] for mistakes in mistakes_by_exercise if mistakes))
