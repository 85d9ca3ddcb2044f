"""One submission: sandbox + judge -> Report. Every submission ends with a definite status."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.diagnosis.public_examples import add_example_results, run_public_examples
from autograder.exercise import Call, Exercise
from autograder.judging.judge import judge, unjudged_verdict
from autograder.sandbox import CallStatus, FunctionSession, Limits, LoadResult, Program, Reply, SandboxError
from autograder.submission import reader
from autograder.submission.reader import Submission
from autograder.submission.submitted_file import Rejection
from autograder.verdict import Mark, Report, Status, Verdict

GRADING_VERSION = 2  # one more with each change after which a submission may be judged otherwise: all are graded again
HELPERS = ("selfcheck", "plots")
DEFAULT_LIMITS = Limits()
NOTHING_RAN = "none"  # the isolation of a report on a submission of which no code ran


def grade_file(
    path: Path, exercise: Exercise, *, seed: int, limits: Limits = DEFAULT_LIMITS, releases: Path | None = None
) -> Report:
    """Judge one function in one file; a notebook of an assignment in ``releases`` is rebuilt from it first."""
    found = reader.read_submission(path, releases)
    return grade_submission(found, exercise, path=str(path), seed=seed, limits=limits)


def grade_submission(
    found: Submission | Rejection, exercise: Exercise, *, path: str, seed: int, limits: Limits = DEFAULT_LIMITS
) -> Report:
    """Judge one function of a submission that could be read. A sandbox that fails is given one more chance."""
    if isinstance(found, Rejection):
        return report_without_verdict(path, exercise, found.status, found.message, seed=seed)
    message = ""
    for _ in range(2):
        try:
            return _grade(found, exercise, path, seed, limits)
        except SandboxError as error:
            message = (
                f"{str(error).rstrip('.')}. This is not the submission's fault: grade it again when that is mended."
            )
    return report_without_verdict(path, exercise, Status.NOT_GRADED, message, seed=seed)


def _grade(found: Submission, exercise: Exercise, path: str, seed: int, limits: Limits) -> Report:
    program = Program(found.sources, exercise.function, HELPERS)
    replies: list[Reply] = []
    with FunctionSession(program, limits) as session:
        isolation = str(session.isolation)
        loaded = session.load()
        if loaded.status is not CallStatus.RETURNED or not loaded.callable:
            status, message = _not_loaded(loaded, found, exercise, limits)
            return report_without_verdict(path, exercise, status, message, seed=seed, isolation=isolation)

        def ask(call: Call) -> Reply:
            replies.append(session.call(call.args, call.kwargs))
            return replies[-1]

        # Before any hidden input: whatever is answered here may be shown.
        shown = run_public_examples(exercise, lambda call: session.call(call.args, call.kwargs))
        verdict = add_example_results(exercise, judge(exercise, ask, seed=seed), shown)
    status, message = _status(verdict, replies, exercise, limits)
    if found.doubt and status is Status.GRADED:
        status, message = Status.NEEDS_LOOK, f"{found.doubt} {message}"
    notes = (*found.notes, *(f"{p.source_name} raised {p.type_name}: {p.message}" for p in loaded.errors))
    return Report(path, exercise.function, status, message, exercise.max_score, isolation, seed, verdict, notes)


def report_without_verdict(
    path: str, exercise: Exercise, status: Status, message: str, *, seed: int, isolation: str = NOTHING_RAN
) -> Report:
    """The report on a submission whose function could not be asked."""
    verdict = unjudged_verdict(exercise, message)
    return Report(path, exercise.function, status, message, exercise.max_score, isolation, seed, verdict)


def _not_loaded(loaded: LoadResult, found: Submission, exercise: Exercise, limits: Limits) -> tuple[Status, str]:
    name = exercise.function
    match loaded.status:
        case CallStatus.TIMED_OUT | CallStatus.OUT_OF_TIME:
            return Status.TIMED_OUT, (
                f"Running the code took longer than {limits.seconds:g} s and was stopped. "
                "Look for a loop without an end in the cells around the function."
            )
        case CallStatus.CRASHED:
            return Status.CRASHED, "Running the code ended the Python process. Remove the call that quits Python."
    if loaded.errors:
        defining = [label for label, source in found.sources if f"def {name}" in source]
        problem = next((one for one in loaded.errors if one.source_name in defining), loaded.errors[0])
        line = f", line {problem.line}" if problem.line else ""
        return Status.STUDENT_ERROR, (
            f"{name} is not there, because {problem.source_name}{line} raised {problem.type_name}: {problem.message}. "
            "Mend that cell, restart the kernel and run all cells once."
        )
    if loaded.defined:
        return Status.STUDENT_ERROR, f"{name} is there, but it is not a function. Define it with `def {name}(...)`."
    return Status.MISSING, f"The code runs, but it defines no function {name}. Check the spelling of its name."


def _status(verdict: Verdict, replies: Sequence[Reply], exercise: Exercise, limits: Limits) -> tuple[Status, str]:
    """The first status of the design's table that applies to a function that was asked."""
    errors = [reply.error.type_name if reply.error else "" for reply in replies]  # of hidden inputs: never told
    if all(error == "NotImplementedError" for error in errors):
        return Status.UNFINISHED, f"{exercise.function} is not written yet."
    if all(reply.status is CallStatus.RAISED for reply in replies):
        return Status.STUDENT_ERROR, "Every call raised an exception."
    for reply in replies:
        if reply.status is CallStatus.TIMED_OUT:
            return Status.TIMED_OUT, f"A call took longer than {limits.seconds:g} s and was stopped."
        if reply.status is CallStatus.CRASHED:
            return Status.CRASHED, "A call ended the Python process instead of returning."
    if any(outcome.mark is Mark.NOT_RUN for outcome in verdict.outcomes):
        return Status.NEEDS_LOOK, (
            f"The time for the whole submission ({limits.total_seconds:g} s) was used up before every case ran."
        )
    earned = sum(criterion.earned for criterion in verdict.criteria)
    if earned == len(verdict.criteria):
        return Status.GRADED, "All criteria hold."
    return Status.GRADED, f"{earned} of {len(verdict.criteria)} criteria hold."
