"""Grade one submission. Every submission ends with a definite status, whatever its code does."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from autograder.diagnosis.public_examples import add_example_results, run_public_examples
from autograder.exercise import Call, Exercise
from autograder.grading import status_messages
from autograder.grading.cell_names import names_of
from autograder.grading.readings import grade_readings
from autograder.judging.judge import judge_function, unjudged_verdict
from autograder.judging.reference_answers import ReferenceAnswers
from autograder.sandbox import (
    CallStatus,
    FunctionSession,
    Limits,
    LoadResult,
    Program,
    Reply,
    SandboxError,
    StudentError,
)
from autograder.submission.finder import read_path
from autograder.submission.reader import Submission
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Mark, Reason, Report, Status, Verdict

# Raise it by one with each change after which a submission can get another verdict or message. The next run of
# `autograder grade` then grades every submission again.
GRADING_VERSION = 4
DEFAULT_LIMITS = Limits()
# Modules of the course that student code may import. While it is judged they do nothing.
_HELPERS = ("selfcheck", "plots")
# The isolation in a report on a submission of which no code ran.
_NOT_RUN = "none"
# Exceptions that say as much about the machine as about the code: a file, a module, a keyboard or memory is not there.
_ENVIRONMENT_ERRORS = (OSError, ImportError, EOFError, MemoryError)


def grade_file(
    path: Path, exercise: Exercise, *, seed: int, limits: Limits = DEFAULT_LIMITS, releases: Path | None = None
) -> Report:
    """Grade one function in a notebook, a Python file, an archive, or a folder with any of them.

    A notebook of an assignment in ``releases`` (a course's assignments/) is restored from its release first.
    """
    submission = read_path(path, exercise.function, releases)
    return grade_submission(submission, exercise, path=str(path), seed=seed, limits=limits)


def grade_submission(
    submission: Submission | Rejection, exercise: Exercise, *, path: str, seed: int, limits: Limits = DEFAULT_LIMITS
) -> Report:
    """Grade one function of a submission, or report why it was rejected.

    If the sandbox fails, try once more. A notebook that defines the function in several cells has several readings.
    """
    if isinstance(submission, Rejection):
        return report_without_verdict(path, exercise, submission.status, submission.message, seed=seed)
    return grade_readings(
        submission, exercise, lambda reading: _grade_with_retry(reading, exercise, path, seed, limits)
    )


def _grade_with_retry(submission: Submission, exercise: Exercise, path: str, seed: int, limits: Limits) -> Report:
    try:
        return _grade(submission, exercise, path, seed, limits)
    except SandboxError:
        pass
    try:
        return _grade(submission, exercise, path, seed, limits)
    except SandboxError as error:
        message = status_messages.NOT_GRADED.format(error=str(error).rstrip("."))
        return report_without_verdict(path, exercise, Status.NOT_GRADED, message, seed=seed)


def report_without_verdict(
    path: str,
    exercise: Exercise,
    status: Status,
    message: str,
    *,
    seed: int,
    isolation: str = _NOT_RUN,
    error: StudentError | None = None,
) -> Report:
    """Return the report on a submission whose function could not be called, because of ``error`` if there was one."""
    reason = Reason(message, "", "", "")
    if error and error.source_name:
        reason = replace(reason, source_name=error.source_name, line=error.line)
    verdict = unjudged_verdict(exercise, reason)
    return Report(path, exercise.function, status, message, exercise.max_score, isolation, seed, verdict)


def _grade(submission: Submission, exercise: Exercise, path: str, seed: int, limits: Limits) -> Report:
    program = Program(submission.sources, exercise.function, _HELPERS)
    replies: list[Reply] = []
    with FunctionSession(program, limits) as session:
        isolation = str(session.isolation)
        loaded = session.load()
        if loaded.status is not CallStatus.RETURNED or not loaded.callable:
            status, message, error = _status_without_function(loaded, submission, exercise, limits)
            return report_without_verdict(path, exercise, status, message, seed=seed, isolation=isolation, error=error)

        def ask(call: Call) -> Reply:
            replies.append(session.call(call.args, call.kwargs))
            return replies[-1]

        # Public examples come before any hidden input, because their answers are shown to the student.
        example_replies = run_public_examples(exercise, lambda call: session.call(call.args, call.kwargs))
        verdict = judge_function(ReferenceAnswers(exercise, seed), ask)
    verdict = add_example_results(exercise, verdict, example_replies)
    status, message = _status_of_calls(verdict, replies, exercise, limits)
    if submission.doubt:
        status, message = Status.NEEDS_LOOK, f"{submission.doubt} {message}"
    raised = (f"{error.source_name} raised {error.type_name}: {error.message}" for error in loaded.errors)
    notes = (*submission.notes, *raised)
    return Report(path, exercise.function, status, message, exercise.max_score, isolation, seed, verdict, notes)


def _status_without_function(
    loaded: LoadResult, submission: Submission, exercise: Exercise, limits: Limits
) -> tuple[Status, str, StudentError | None]:
    """Return the status of code that could not be loaded, or that left no function, and the error that is to blame.

    Only the cell that should define the function can cost its points. Everything else waits for a person.
    """
    function = exercise.function
    match loaded.status:
        case CallStatus.TIMED_OUT | CallStatus.OUT_OF_TIME:
            return Status.TIMED_OUT, status_messages.LOADING_TIMED_OUT.format(seconds=limits.seconds), None
        case CallStatus.CRASHED:
            return Status.CRASHED, status_messages.LOADING_CRASHED, None
    if loaded.errors:
        defining = [name for name, source in submission.sources if function in names_of(source).binds]
        own_error = next((error for error in loaded.errors if error.source_name in defining), None)
        error = own_error or loaded.errors[0]
        is_own_fault = own_error is not None and not _is_environment_error(own_error)
        status = Status.STUDENT_ERROR if is_own_fault else Status.NEEDS_LOOK
        return status, _describe_loading_error(error, function), error
    if loaded.defined:
        return Status.NEEDS_LOOK, status_messages.NOT_A_FUNCTION.format(function=function), None
    return Status.MISSING, status_messages.NO_FUNCTION.format(function=function), None


def _is_environment_error(error: StudentError) -> bool:
    kind = getattr(builtins, error.type_name, None)
    return isinstance(kind, type) and issubclass(kind, _ENVIRONMENT_ERRORS)


def _describe_loading_error(error: StudentError, function: str) -> str:
    place = f"{error.source_name}, line {error.line}" if error.line else error.source_name
    text = f"{error.type_name}: {error.message}"
    return status_messages.CELL_RAISED.format(function=function, place=place, error=text)


def _status_of_calls(
    verdict: Verdict, replies: Sequence[Reply], exercise: Exercise, limits: Limits
) -> tuple[Status, str]:
    """Return the first status of the list that applies to a function that was called."""
    # These exceptions come from hidden inputs, so a message never names them.
    errors = [reply.error.type_name if reply.error else "" for reply in replies]
    if all(error == "NotImplementedError" for error in errors):
        return Status.UNFINISHED, status_messages.UNFINISHED.format(function=exercise.function)
    if all(reply.status is CallStatus.RAISED for reply in replies):
        return Status.STUDENT_ERROR, status_messages.EVERY_CALL_RAISED
    for reply in replies:
        if reply.status is CallStatus.TIMED_OUT:
            return Status.TIMED_OUT, status_messages.CALL_TIMED_OUT.format(seconds=limits.seconds)
        if reply.status is CallStatus.CRASHED:
            return Status.CRASHED, status_messages.CALL_CRASHED
    if any(outcome.mark is Mark.NOT_RUN for outcome in verdict.outcomes):
        return Status.NEEDS_LOOK, status_messages.CASES_NOT_RUN.format(seconds=limits.total_seconds)
    earned, total = sum(criterion.earned for criterion in verdict.criteria), len(verdict.criteria)
    if earned == total:
        return Status.GRADED, status_messages.ALL_CRITERIA
    return Status.GRADED, status_messages.SOME_CRITERIA.format(earned=earned, total=total)
