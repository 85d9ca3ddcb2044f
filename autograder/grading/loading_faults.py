"""Which cell is to blame when a submission left no function, or a function that may not be what the student meant.

Only the cell that defines the function can cost its points. If another cell failed, a person decides.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator, Sequence

from autograder.grading import status_messages
from autograder.grading.statement_names import Cell, changed_names, names_bound_to, names_needed
from autograder.sandbox import CallStatus, Limits, LoadResult, SkippedSource, StudentError
from autograder.verdict import Status

Failure = StudentError | SkippedSource
_ASYNCHRONOUS = re.compile(r"'(await|async \w+)' outside|asynchronous comprehension outside")
# Exceptions that say as much about the machine as about the code: a file, a module, a keyboard or memory is not there.
_ENVIRONMENT_ERRORS = (OSError, ImportError, EOFError, MemoryError)
_UNDEFINED = re.compile(r"name '(?P<name>\w+)'")
_STATUSES = {CallStatus.TIMED_OUT: Status.TIMED_OUT, CallStatus.CRASHED: Status.CRASHED}


class LoadingFaults:
    """What went wrong while the cells of a submission were loaded, and what the function has to do with it."""

    def __init__(self, cells: Sequence[Cell], loaded: LoadResult, function: str, limits: Limits) -> None:
        self._cells, self._loaded, self._function, self._limits = cells, loaded, function, limits
        self._failures: dict[str, Failure] = {error.source_name: error for error in loaded.errors}
        self._failures |= {skipped.name: skipped for skipped in loaded.skipped}

    def status_without_function(self) -> tuple[Status, str, StudentError | None]:
        """Return the status of a submission that left no function, its message, and the error that is to blame."""
        function, loaded = self._function, self._loaded
        defining = [cell for cell in self._cells if function in cell.binds]
        own_failures = [self._failures[cell.label] for cell in defining if cell.label in self._failures]
        # A cell that only misses the function is not why there is none.
        causes = [failure for failure in self._failures.values() if _undefined_name(failure) != function]
        failure = next(iter([*own_failures[-1:], *causes]), None)
        if loaded.status is CallStatus.OUT_OF_TIME:
            message = status_messages.LOADING_OUT_OF_TIME.format(seconds=self._limits.total_seconds)
            return Status.NEEDS_LOOK, message, None
        if failure:
            message, error = self._describe(failure), failure if isinstance(failure, StudentError) else None
            is_own_fault = len(own_failures) == len(defining) > 0 and self._fails_by_itself(defining[-1], failure)
            return _status_of(failure) if is_own_fault else Status.NEEDS_LOOK, message, error
        if loaded.defined:
            return Status.NEEDS_LOOK, status_messages.NOT_A_FUNCTION.format(function=function), None
        return Status.MISSING, status_messages.NO_FUNCTION.format(function=function), None

    def stopped_in_its_own_cell(self) -> SkippedSource | None:
        """Return the last cell that defines the function, if it looped or ended the process."""
        defining = [cell.label for cell in self._cells if self._function in cell.binds]
        failure = self._failures.get(defining[-1]) if defining else None
        return failure if isinstance(failure, SkippedSource) else None

    def describe_cut(self, stopped: SkippedSource) -> str:
        """Say that the function was judged without what comes below it in its own cell."""
        problem = _problem(stopped, self._limits)
        return status_messages.CELL_CUT.format(function=self._function, place=stopped.name, problem=problem)

    def doubt(self) -> str:
        """Return why a function that is not right may have failed because of another cell; empty if it cannot have."""
        if not self._failures and not self._loaded.missing:
            return ""
        needed = names_needed(self._function, self._cells)
        if self._missing_names() & needed:
            modules = ", ".join(sorted(self._loaded.missing))
            return status_messages.MODULE_MAY_BE_NEEDED.format(modules=modules, function=self._function)
        for cell in self._failed_cells(besides=self._loaded.function_source):
            if cell.binds & needed:
                problem = _problem(self._failures[cell.label], self._limits)
                return status_messages.CELL_MAY_BE_NEEDED.format(
                    place=cell.label, problem=problem, function=self._function
                )
        return ""

    def names_changed_later(self) -> frozenset[str]:
        """Return the names that the function needs and that a cell after its own gives another meaning."""
        labels = [cell.label for cell in self._cells]
        if self._loaded.function_source not in labels:
            return frozenset()
        first_later = labels.index(self._loaded.function_source) + 1
        later = range(first_later, len(self._cells))
        needed = names_needed(self._function, self._cells[:first_later])
        changed = (changed_names(self._cells[index], self._cells[:index]) for index in later)
        return needed.intersection(frozenset[str]().union(*changed))

    def notes(self) -> Iterator[str]:
        """Say which cells raised or were left out, and what else a student should know about a judged function."""
        function, loaded = self._function, self._loaded
        yield from (f"{error.source_name} {_problem(error, self._limits)}" for error in loaded.errors)
        for skipped in loaded.skipped:
            problem = _problem(skipped, self._limits)
            yield status_messages.CELL_SKIPPED.format(place=skipped.name, problem=problem)
        if loaded.missing:
            modules = ", ".join(sorted(loaded.missing))
            yield status_messages.MODULE_NOT_NEEDED.format(modules=modules, function=function)
        if not loaded.callable:
            yield status_messages.OVERWRITTEN.format(function=function, place=loaded.function_source)

    def _fails_by_itself(self, cell: Cell, failure: Failure) -> bool:
        """Whether a cell that failed would fail on any machine, and whatever the other cells do."""
        if isinstance(failure, StudentError):
            if _is_environment_error(failure):
                return False
            # Cells may have been run in another order.
            if any(_undefined_name(failure) in other.binds for other in self._cells if other is not cell):
                return False
        needed = (names_needed(self._function, self._cells) | cell.reads) - {self._function}
        others = self._failed_cells(besides=cell.label)
        return not (self._missing_names() & needed or any(other.binds & needed for other in others))

    def _failed_cells(self, besides: str) -> list[Cell]:
        return [cell for cell in self._cells if cell.label in self._failures and cell.label != besides]

    def _missing_names(self) -> frozenset[str]:
        names = names_bound_to(self._loaded.missing, self._cells)
        return names | names_needed(self._function, self._cells) if "*" in names else names

    def _describe(self, failure: Failure) -> str:
        place = failure.name if isinstance(failure, SkippedSource) else failure.source_name
        if isinstance(failure, StudentError) and failure.line:
            place = f"{place}, line {failure.line}"
        advice = status_messages.FIX_THAT_CELL
        if isinstance(failure, SkippedSource):
            timed_out = failure.status is CallStatus.TIMED_OUT
            advice = status_messages.LOOK_FOR_A_LOOP if timed_out else status_messages.REMOVE_THE_QUIT
        problem = _problem(failure, self._limits)
        return status_messages.CELL_FAILED.format(function=self._function, place=place, problem=problem, advice=advice)


def _status_of(failure: Failure) -> Status:
    return _STATUSES[failure.status] if isinstance(failure, SkippedSource) else Status.STUDENT_ERROR


def _problem(failure: Failure, limits: Limits) -> str:
    if isinstance(failure, StudentError):
        return f"raised {failure.type_name}: {failure.message}".rstrip(": ")
    if failure.status is CallStatus.TIMED_OUT:
        return f"took longer than {limits.seconds:g} s and was stopped"
    return "ended the Python process"


def _undefined_name(failure: Failure) -> str:
    """Return the name that a `NameError` is about; empty for any other failure."""
    if isinstance(failure, SkippedSource) or failure.type_name != "NameError":
        return ""
    match = _UNDEFINED.match(failure.message)
    return match["name"] if match else ""


def _is_environment_error(error: StudentError) -> bool:
    """Whether an exception says as much about grading as about the code. Notebooks allow await outside of functions."""
    if error.type_name == "SyntaxError" and _ASYNCHRONOUS.search(error.message):
        return True
    kind = getattr(builtins, error.type_name, None)
    return isinstance(kind, type) and issubclass(kind, _ENVIRONMENT_ERRORS)
