"""Run a notebook's ordinary cells in the sandbox, as nbgrader's `Execute` runs them in a kernel."""

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

SKIP_TAG = "skip-execution"  # nbclient's tag
_ATTEMPTS = 2  # a sandbox may fail once for a passing reason
_MISSING_MODULE = re.compile(r"No module named '(?P<name>\w+)")
_PROCESS_DIED = (
    "The notebook's process ended in this cell or in an earlier one, so this cell has no result. Look for code that "
    "quits Python or needs more memory than there is. Cells that were not run need manual grading."
)
CellTest = Callable[[NotebookNode], bool]


@dataclass(frozen=True)
class ExecutionSettings:
    """Limits, files and environment for running a notebook.

    ``files`` lie beside it; ``seconds`` returns the time limit of a cell; ``timeout_error`` holds the fields of the
    error output of a cell that exceeds it.
    """

    files: Mapping[str, bytes]
    limits: Limits
    seconds: Callable[[NotebookNode], float]
    timeout_error: Mapping[str, Any]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class ExecutionResult:
    """The names of the graded cells without a result, the files that the notebook wrote, and where it ran.

    ``failure`` says why the grader could not run it; it is empty if it did.
    """

    not_run: frozenset[str] = frozenset()
    written: Mapping[str, bytes] = field(default_factory=dict)
    isolation: str = ""
    failure: str = ""


def execute(nb: NotebookNode, excluded: CellTest, settings: ExecutionSettings, log: Logger) -> ExecutionResult:
    """Run the cells in order, except the excluded ones, and give each its outputs.

    If the sandbox fails, every cell gets an error as its output, and no graded cell has a result.
    """
    cells = _cells_to_run(nb, excluded)
    if not cells:
        return ExecutionResult()
    failure = ""
    for _ in range(_ATTEMPTS):
        try:
            return _run_cells(cells, settings, log)
        except SandboxError as error:
            failure = f"{str(error).rstrip('.')}. This is not the submission's fault: fix it, then grade again."
            log.warning("%s", failure)
    return ExecutionResult(_give_all_an_error(cells, "NotGraded", failure), failure=failure)


def refuse(nb: NotebookNode, excluded: CellTest, reason: str) -> ExecutionResult:
    """Run nothing, and give each cell that would have run an error with the reason."""
    return ExecutionResult(_give_all_an_error(_cells_to_run(nb, excluded), "Refused", reason))


def _cells_to_run(nb: NotebookNode, excluded: CellTest) -> list[NotebookNode]:
    return [cell for cell in nb.cells if _is_run_by_nbgrader(cell) and not excluded(cell)]


def _give_all_an_error(cells: list[NotebookNode], name: str, text: str) -> frozenset[str]:
    """Return the names of the graded cells among them."""
    for cell in cells:
        cell.outputs = [_error_output(name, text)]
    return frozenset(cell.metadata.nbgrader.grade_id for cell in cells if utils.is_grade(cell))


def _run_cells(cells: list[NotebookNode], settings: ExecutionSettings, log: Logger) -> ExecutionResult:
    not_run: set[str] = set()
    missing_package = ""
    modules = [data.decode(errors="replace") for name, data in settings.files.items() if name.endswith(".py")]
    # The session imports the packages that this text names once, for all notebooks.
    text = "\n".join([*(cell.source for cell in cells), *modules])
    total_seconds = sum(map(settings.seconds, cells))
    with NotebookSession(settings.limits, text, settings.files, settings.environment, total_seconds) as session:
        for cell in cells:
            result = session.run_cell(cell.source, settings.seconds(cell), restore=_is_the_instructors(cell))
            cell.outputs = [nbformat.from_dict(output) for output in result.outputs]
            cell.execution_count = result.execution_count
            died = result.status is CallStatus.CRASHED
            if died:
                cell.outputs.append(_error_output("DeadKernelError", _PROCESS_DIED))
            elif result.status is CallStatus.TIMED_OUT:
                cell.outputs.append(nbformat.from_dict({"output_type": "error", **settings.timeout_error}))
            missing_package = missing_package or _package_missing_in_sandbox(cell.outputs)
            raised = any(output.output_type == "error" for output in cell.outputs)
            if utils.is_grade(cell) and (died or (missing_package and raised)):
                not_run.add(cell.metadata.nbgrader.grade_id)
        written = session.written_files()
    if missing_package:
        log.warning(
            "%s is installed here, but cells cannot import it unless course.yml allows it with packages: tests that "
            "failed without it need manual grading",
            missing_package,
        )
    return ExecutionResult(frozenset(not_run), written, session.isolation)


def _package_missing_in_sandbox(outputs: list[NotebookNode]) -> str:
    """Return an installed package that a cell could not import: no student is to blame if a test then fails."""
    matches = [_MISSING_MODULE.match(out.evalue) for out in outputs if out.get("ename") == "ModuleNotFoundError"]
    names = {match["name"] for match in matches if match} - {__name__.split(".")[0]}
    return next((name for name in sorted(names) if name in packages_distributions()), "")


def _is_run_by_nbgrader(cell: NotebookNode) -> bool:
    """Whether nbgrader would run a cell; a tag that excludes one only counts in a student's own cell."""
    if cell.cell_type != "code" or not cell.source.strip():
        return False
    return _is_the_instructors(cell) or SKIP_TAG not in cell.metadata.get("tags", [])


def _is_the_instructors(cell: NotebookNode) -> bool:
    return bool(utils.is_locked(cell) or (utils.is_grade(cell) and not utils.is_solution(cell)))


def _error_output(name: str, text: str) -> Any:
    fields = {"ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
    return nbformat.from_dict({"output_type": "error", **fields})
