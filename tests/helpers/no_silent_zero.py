"""The invariant of a graded class: a number that may stand, or NULL and a student in the list of who waits."""

from __future__ import annotations

from collections.abc import Iterator

from nbgrader.api import Grade, Gradebook

from autograder.batch.summary import Summary
from autograder.gradebook import acceptances, database, verdict_table
from autograder.gradebook.acceptances import Acceptance
from autograder.gradebook.verdict_table import GradingRecord


def who_waits(summary: Summary) -> dict[str, str]:
    """Return who waits for a person after a run, with the reason that is printed."""
    unmarked = dict.fromkeys(summary.unmarked, "answers wait to be marked")
    return unmarked | {item.student: item.reason for item in summary.needs_review}


def assert_no_silent_zero(db_url: str, assignment: str, summary: Summary) -> None:
    """Fail, with all reasons, if a graded cell of an assignment breaks the invariant after a run.

    Each graded cell has a number that its status allows, or NULL. Whoever has a NULL, a cell that waits for a manual
    grade or a doubt that nobody has closed is listed with a reason; and a run in which somebody is listed is not clean.
    """
    problems = list(silent_zeros(db_url, assignment, who_waits(summary)))
    if who_waits(summary) and summary.clean:
        problems.append("somebody waits, but the exit status is 0")
    assert not problems, "\n".join(problems)


def silent_zeros(db_url: str, assignment: str, listed: dict[str, str]) -> Iterator[str]:
    """Yield what breaks the invariant; ``listed`` are the students who wait, with their reasons."""
    with database.connect(db_url) as connection:
        records = verdict_table.load_grading_records(connection, assignment)
        accepted = acceptances.load_acceptances(connection, assignment)
    with Gradebook(db_url) as gradebook:
        submissions = gradebook.find_assignment(assignment).submissions
        for submission in submissions:
            student = submission.student.id
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            for problem in _problems(grades, records.get(student), accepted.get(student), listed.get(student, "")):
                yield f"{student}: {problem}"


def _problems(
    grades: list[Grade], record: GradingRecord | None, acceptance: Acceptance | None, reason: str
) -> Iterator[str]:
    if record is None and not reason:
        yield "was never graded, and is not listed"
    for grade in grades:
        has_number = grade.auto_score is not None or grade.manual_score is not None
        if not has_number and not grade.needs_manual_grade:
            yield f"{grade.name} is NULL, but does not need a manual grade"
        if (not has_number or grade.needs_manual_grade) and not reason:
            yield f"{grade.name} waits, but is not listed"
        if grade.auto_score is not None and record is not None and not record.status.has_score:
            yield f"{grade.name} has {grade.auto_score} points, but the status is {record.status}"
    if record is not None and record.status.needs_review and not reason:
        is_accepted = acceptance is not None and acceptance.settles(record.work)
        if not is_accepted and not any(grade.manual_score is not None for grade in grades):
            yield f"{record.status} was closed by nobody, and is not listed"
