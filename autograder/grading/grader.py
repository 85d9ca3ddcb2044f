"""Grade one submission. Every submission ends with a definite status, whatever its code does."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.exercise import Exercise
from autograder.grading import cut_cell, status_messages
from autograder.grading.function_run import FunctionRun, run_function
from autograder.grading.helper_names import own_names_of_helpers
from autograder.grading.loading_faults import LoadingFaults
from autograder.grading.readings import grade_readings
from autograder.grading.statement_names import Cell
from autograder.judging.judge import unjudged_verdict
from autograder.sandbox import (
    CallStatus,
    Limits,
    Program,
    Reply,
    SandboxError,
    SkippedSource,
    StudentError,
    importable_packages,
)
from autograder.student_files.cell_names import imported_modules
from autograder.submission import companion_modules
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


def grade_file(
    path: Path, exercise: Exercise, *, seed: int, limits: Limits = DEFAULT_LIMITS, releases: Path | None = None
) -> Report:
    """Grade one function in a notebook, a Python file, an archive, or a folder with any of them.

    It can import the Python files in its folder. A notebook of an assignment in ``releases`` (a course's assignments/)
    is restored from its release first.
    """
    submission, files = read_path(path, exercise.function, releases)
    return grade_submission(submission, exercise, path=str(path), seed=seed, limits=limits, files=files)


def grade_submission(
    submission: Submission | Rejection,
    exercise: Exercise,
    *,
    path: str,
    seed: int,
    limits: Limits = DEFAULT_LIMITS,
    files: Mapping[str, bytes] | None = None,
) -> Report:
    """Grade one function of a submission, or report why it was rejected.

    ``files`` were submitted beside the notebook; its cells can import the Python files among them. If the sandbox
    fails, try once more. A notebook that defines the function in several cells has several readings.
    """
    if isinstance(submission, Rejection):
        return report_without_verdict(path, exercise, submission.status, submission.message, seed=seed)
    return grade_readings(
        submission, exercise, lambda reading: _grade_with_retry(reading, exercise, path, seed, limits, files or {})
    )


def _grade_with_retry(
    submission: Submission, exercise: Exercise, path: str, seed: int, limits: Limits, files: Mapping[str, bytes]
) -> Report:
    try:
        return _grade(submission, exercise, path, seed, limits, files)
    except SandboxError:
        pass
    try:
        return _grade(submission, exercise, path, seed, limits, files)
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
    notes: tuple[str, ...] = (),
) -> Report:
    """Return the report on a submission whose function could not be called, because of ``error`` if there was one."""
    reason = Reason(message, "", "", "")
    if error and error.source_name:
        reason = replace(reason, source_name=error.source_name, line=error.line)
    verdict = unjudged_verdict(exercise, reason)
    return Report(path, exercise.function, status, message, exercise.max_score, isolation, seed, verdict, notes)


def _grade(
    submission: Submission, exercise: Exercise, path: str, seed: int, limits: Limits, files: Mapping[str, bytes]
) -> Report:
    """Grade the function that the sources of a submission define."""
    cells = tuple(Cell(label, source) for label, source in submission.sources)
    written = {name: text.encode() for name, text in submission.files.items()}
    program = _program(cells, exercise.function, {**files, **written})
    run = run_function(program, exercise, seed, limits)
    faults = LoadingFaults(cells, run.loaded, exercise.function, limits)
    doubts = [submission.doubt]
    if run.verdict is None and (stopped := faults.stopped_in_its_own_cell()):
        cut = _run_without_the_end_of_its_cell(stopped, program, exercise, seed, limits)
        if cut and cut.verdict is not None:
            run = cut
            faults = LoadingFaults(cells, run.loaded, exercise.function, limits)
            doubts.append(faults.describe_cut(stopped))
    if run.verdict is None:
        status, message, error = faults.status_without_function()
        return report_without_verdict(
            path, exercise, status, message, seed=seed, isolation=run.isolation, error=error, notes=submission.notes
        )
    earns_all = all(criterion.earned for criterion in run.verdict.criteria)
    if run.needs_a_missing_module and not earns_all:
        message = status_messages.MODULE_NEEDED.format(
            function=exercise.function, modules=_missing_modules(program, run, limits)
        )
        return report_without_verdict(
            path,
            exercise,
            Status.NEEDS_LOOK,
            message,
            seed=seed,
            isolation=run.isolation,
            notes=submission.notes,
        )
    if not earns_all and (names := own_names_of_helpers(exercise.function, cells, _HELPERS)):
        message = status_messages.HELPER_CHANGED.format(function=exercise.function, names=", ".join(sorted(names)))
    elif submission.notebook and _every_call_lacks_numpy(run.replies, cells):
        message = status_messages.NUMPY_DELETED.format(function=exercise.function)
    else:
        message = ""
    if message:
        return report_without_verdict(
            path, exercise, Status.NEEDS_LOOK, message, seed=seed, isolation=run.isolation, notes=submission.notes
        )
    if not earns_all:
        doubts.append(faults.doubt())
        better = _better_run_without_later_cells(run, faults, program, exercise, seed, limits)
        if better:
            run, doubt = better
            doubts.append(doubt)
    assert run.verdict is not None
    status, message = _status_of_calls(run.verdict, run.replies, exercise, limits)
    if any(doubts):
        status, message = Status.NEEDS_LOOK, " ".join(filter(None, [*doubts, message]))
    notes = (*submission.notes, *faults.notes())
    return Report(path, exercise.function, status, message, exercise.max_score, run.isolation, seed, run.verdict, notes)


def _program(cells: Sequence[Cell], function: str, files: Mapping[str, bytes]) -> Program:
    sources = tuple((cell.label, cell.source) for cell in cells)
    modules = [imported_modules(cell.source) for cell in cells]
    replaceable = {module for outside_of_try, _ in modules for module in outside_of_try}
    imported = {module for _, anywhere in modules for module in anywhere}
    submitted = companion_modules.select(files, imported)
    return Program(sources, function, _HELPERS, submitted, frozenset(replaceable.difference(_HELPERS)))


def _every_call_lacks_numpy(replies: Sequence[Reply], cells: Sequence[Cell]) -> bool:
    """Whether the cell that imports numpy, which every assignment has, was deleted, and the function needs it."""
    errors = [reply.error for reply in replies if reply.error]
    lacking = [error for error in errors if error.type_name == "NameError" and "'np'" in error.message]
    return 0 < len(lacking) == len(replies) and not any("np" in cell.binds for cell in cells)


def _missing_modules(program: Program, run: FunctionRun, limits: Limits) -> str:
    """Name the modules that the function cannot import. What its exceptions say may come from a hidden input."""
    imported = {module for _, source in program.sources for module in imported_modules(source)[1]}
    submitted = {name.partition(".")[0] for name in program.files}
    available = {*sys.stdlib_module_names, *importable_packages(limits.packages), *program.helpers, *submitted}
    return ", ".join(sorted(run.loaded.missing or imported - available)) or "a module"


def _run_without_the_end_of_its_cell(
    stopped: SkippedSource, program: Program, exercise: Exercise, seed: int, limits: Limits
) -> FunctionRun | None:
    """Judge a function whose cell was stopped, without what comes below it in that cell; None if that is nothing."""
    cut = cut_cell.up_to_definition(dict(program.sources)[stopped.name], exercise.function)
    if not cut:
        return None
    sources = tuple((label, cut if label == stopped.name else source) for label, source in program.sources)
    return run_function(replace(program, sources=sources), exercise, seed, limits)


def _better_run_without_later_cells(
    run: FunctionRun, faults: LoadingFaults, program: Program, exercise: Exercise, seed: int, limits: Limits
) -> tuple[FunctionRun, str] | None:
    """Judge a function once more as its own cell leaves it, if a later cell changes what it needs.

    Return the run and a sentence about it if it earns more points.
    """
    names = faults.names_changed_later()
    if not names or run.verdict is None:
        return None
    labels = [label for label, _ in program.sources]
    place = run.loaded.function_source
    earlier = replace(program, sources=program.sources[: labels.index(place) + 1])
    second = run_function(earlier, exercise, seed, limits)
    if second.verdict is None or second.verdict.score <= run.verdict.score:
        return None
    doubt = status_messages.CHANGED_LATER.format(
        names=", ".join(sorted(names)), function=exercise.function, place=place
    )
    return second, doubt


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
