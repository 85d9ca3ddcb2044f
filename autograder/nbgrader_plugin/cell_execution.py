"""A notebook's ordinary cells, run in the sandbox as nbgrader's `Execute` runs them in a kernel."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import packages_distributions
from logging import Logger
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from autograder.sandbox import Limits, SandboxError
from autograder.sandbox.notebook_session import NotebookSession
from autograder.sandbox.protocol import CallStatus

SKIPPED = "skip-execution"  # nbclient's tag
_MISSING = re.compile(r"No module named '(?P<name>\w+)")
_DIED = (
    "The notebook's process ended in this cell or in an earlier one, so this cell has no result. Look for code that "
    "quits Python, or that needs more memory than there is. A person has to mark what was not run."
)


@dataclass(frozen=True)
class ExecutionSettings:
    """Under which a notebook runs.

    ``files`` lie beside it; ``seconds`` is asked for each cell; ``late`` is what one gets that takes longer.
    """

    files: Mapping[str, bytes]
    limits: Limits
    seconds: Callable[[NotebookNode], float]
    late: Mapping[str, Any]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class ExecutionResult:
    """The names of the graded cells that have no result, the files that the notebook left, and where it ran.

    ``failed`` says why our side could not run it, and is empty where it could.
    """

    not_run: frozenset[str] = frozenset()
    written: Mapping[str, bytes] = field(default_factory=dict)
    isolation: str = ""
    failed: str = ""


def execute(
    nb: NotebookNode, leave_out: Callable[[NotebookNode], bool], under: ExecutionSettings, log: Logger
) -> ExecutionResult:
    """Run the cells in order and give each its outputs."""
    cells = _to_run(nb, leave_out)
    message = ""
    for _ in range(2 if cells else 0):
        try:
            return _execute(cells, under, log)
        except SandboxError as error:
            message = f"{str(error).rstrip('.')}. This is not the submission's fault: grade it again when it is mended."
            log.warning("%s", message)
    return ExecutionResult(_say_in_all(cells, "NotGraded", message), failed=message)


def refuse(nb: NotebookNode, leave_out: Callable[[NotebookNode], bool], why: str) -> ExecutionResult:
    """Run nothing, and say so in each cell."""
    return ExecutionResult(_say_in_all(_to_run(nb, leave_out), "Refused", why))


def _to_run(nb: NotebookNode, leave_out: Callable[[NotebookNode], bool]) -> list[NotebookNode]:
    return [cell for cell in nb.cells if _runs(cell) and not leave_out(cell)]


def _say_in_all(cells: list[NotebookNode], name: str, why: str) -> frozenset[str]:
    for cell in cells:
        cell.outputs = [_error(name, why)]
    return frozenset(cell.metadata.nbgrader.grade_id for cell in cells if utils.is_grade(cell))


def _execute(cells: list[NotebookNode], under: ExecutionSettings, log: Logger) -> ExecutionResult:
    not_run: set[str] = set()
    missing = ""
    beside = [data.decode(errors="replace") for name, data in under.files.items() if name.endswith(".py")]
    text = "\n".join([*(cell.source for cell in cells), *beside])  # what it imports is loaded for all, once
    with NotebookSession(
        under.limits, text, under.files, under.environment, sum(map(under.seconds, cells))
    ) as notebook:
        for cell in cells:
            ran = notebook.run_cell(cell.source, under.seconds(cell), restore=_is_the_instructors(cell))
            cell.outputs = [nbformat.from_dict(output) for output in ran.outputs]
            cell.execution_count = ran.execution_count
            if ran.status is CallStatus.TIMED_OUT:
                cell.outputs.append(nbformat.from_dict({"output_type": "error", **under.late}))
            elif ran.status is CallStatus.CRASHED:
                cell.outputs.append(_error("DeadKernelError", _DIED))
            missing = missing or _only_installed_here(cell.outputs)
            failed = any(output.output_type == "error" for output in cell.outputs)
            if utils.is_grade(cell) and (ran.status is CallStatus.CRASHED or (missing and failed)):
                not_run.add(cell.metadata.nbgrader.grade_id)
        written = notebook.written_files()
    if missing:
        log.warning("%s is installed, but not for submissions: tests that failed for want of it need a person", missing)
    return ExecutionResult(frozenset(not_run), written, notebook.isolation)


def _only_installed_here(outputs: list[NotebookNode]) -> str:
    """A package that a cell could not import, though the grader could: that a test fails then is nobody's fault."""
    found = [_MISSING.match(output.evalue) for output in outputs if output.get("ename") == "ModuleNotFoundError"]
    names = {match["name"] for match in found if match} - {__name__.split(".")[0]}
    return next((name for name in sorted(names) if name in packages_distributions()), "")


def _runs(cell: NotebookNode) -> bool:
    """Whether nbgrader would run it; a tag that says otherwise holds for a student's own cells only."""
    if cell.cell_type != "code" or not cell.source.strip():
        return False
    return _is_the_instructors(cell) or SKIPPED not in cell.metadata.get("tags", [])


def _is_the_instructors(cell: NotebookNode) -> bool:
    return bool(utils.is_locked(cell) or (utils.is_grade(cell) and not utils.is_solution(cell)))


def _error(name: str, text: str) -> Any:
    fields = {"ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
    return nbformat.from_dict({"output_type": "error", **fields})
