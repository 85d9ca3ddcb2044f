"""Decide between several readings of a submission, and whether a function that raises NotImplementedError was begun."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autograder.exercise import Exercise
from autograder.grading import status_messages
from autograder.judging.judge import unjudged_verdict
from autograder.student_files.cell_names import names_of
from autograder.student_files.notebook_code import KEEP_ONE
from autograder.submission.reader import Submission
from autograder.verdict import Reason, Report, Status


def grade_readings(submission: Submission, exercise: Exercise, grade: Callable[[Submission], Report]) -> Report:
    """Grade a submission as it runs and, if that does not earn all points, in its other readings.

    If only one reading works, it counts. If two work and differ, a person has to decide, and the better one's points
    are kept until then.
    """
    report = grade(submission)
    if report.status is not Status.NOT_GRADED and submission.has_only_given_definitions(exercise.function):
        return _without_score_if_begun(_unfinished(report, exercise), submission, exercise)
    if report.status is Status.NOT_GRADED or report.score == report.max_score:
        return report
    best = report
    for reading in submission.other_readings(exercise.function):
        best = max(best, grade(reading), key=_points)
    if best is report:
        return _without_score_if_begun(report, submission, exercise)
    if _points(report):
        message = status_messages.DEFINITIONS_DIFFER.format(function=exercise.function)
        return replace(best, status=Status.NEEDS_LOOK, message=f"{message} {best.message}")
    return replace(best, notes=_notes_on_the_best(best.notes, exercise.function))


def _notes_on_the_best(notes: tuple[str, ...], function: str) -> tuple[str, ...]:
    """Say once that the definition which works best counts, whether or not a note already lists the definitions."""
    if any(note.startswith(f"{function} is") and note.endswith(KEEP_ONE) for note in notes):
        return tuple(note.replace(KEEP_ONE, status_messages.BEST_COUNTS) for note in notes)
    return (*notes, status_messages.ONE_DEFINITION_COUNTS.format(function=function))


def _unfinished(report: Report, exercise: Exercise) -> Report:
    """Return the report on a function that only the lesson itself defines."""
    message = status_messages.UNFINISHED.format(function=exercise.function)
    verdict = unjudged_verdict(exercise, Reason(message, "", "", ""))
    return replace(report, status=Status.UNFINISHED, message=message, verdict=verdict)


def _points(report: Report) -> float:
    return report.score or 0.0


def _without_score_if_begun(report: Report, submission: Submission, exercise: Exercise) -> Report:
    """Return the report on a function that is not written, without a score unless it is provably untouched."""
    if report.status is not Status.UNFINISHED or submission.is_untouched(exercise.function):
        return report
    definitions = [definition for _, source in submission.sources for definition in names_of(source).definitions]
    begun_in_place = any(each.name == exercise.function and each.has_stub_line for each in definitions)
    text = status_messages.STUB_LINE_LEFT if begun_in_place else status_messages.BEGUN_ELSEWHERE
    message = text.format(function=exercise.function)
    return replace(
        report,
        status=Status.NEEDS_LOOK,
        message=message,
        verdict=unjudged_verdict(exercise, Reason(message, "", "", "")),
    )
