"""A notebook's ordinary cells, run in the sandbox as nbgrader's `Execute` runs them in a kernel.

Files that lie beside the notebook go in, regular files that its cells write come back. Other notebooks do not go in,
because they hold tests, and none comes back.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from autograder.sandbox import Limits, SandboxError
from autograder.sandbox.notebook import Came, Notebook

MOST_FILES, MOST_BYTES, MOST_EACH = 900, 48 << 20, 16 << 20  # of what goes in: the sandbox's own limits hold above it
SKIPPED = "skip-execution"  # nbclient's tag
_MISSING = re.compile(r"No module named '(?P<name>\w+)")
_DIED = (
    "The notebook's process ended in this cell or in an earlier one, so this cell has no result. Look for code that "
    "quits Python, or that needs more memory than there is. A person has to mark what was not run."
)


@dataclass(frozen=True)
class Conditions:
    """Under which a notebook runs, which was handed in in ``submitted`` and belongs to the assignment in ``source``.

    ``seconds`` is asked for each cell; ``late`` is what one gets that takes longer.
    """

    folder: Path
    submitted: Path
    source: Path
    limits: Limits
    seconds: Callable[[NotebookNode], float]
    late: Mapping[str, Any]
    environment: Mapping[str, str]


def execute(nb: NotebookNode, leave_out: Callable[[NotebookNode], bool], under: Conditions, log: Logger) -> set[str]:
    """Run the cells in order and give each its outputs; the names of the graded cells that were not run."""
    cells = _to_run(nb, leave_out)
    message = ""
    for _ in range(2 if cells else 0):
        try:
            return _execute(cells, under, log)
        except SandboxError as error:
            message = f"{str(error).rstrip('.')}. This is not the submission's fault: grade it again when it is mended."
            log.warning("%s", message)
    return _say_in_all(cells, "NotGraded", message)


def refuse(nb: NotebookNode, leave_out: Callable[[NotebookNode], bool], why: str) -> set[str]:
    """Run nothing, and say so in each cell; the names of the graded cells."""
    return _say_in_all(_to_run(nb, leave_out), "Refused", why)


def _to_run(nb: NotebookNode, leave_out: Callable[[NotebookNode], bool]) -> list[NotebookNode]:
    return [cell for cell in nb.cells if _runs(cell) and not leave_out(cell)]


def _say_in_all(cells: list[NotebookNode], name: str, why: str) -> set[str]:
    for cell in cells:
        cell.outputs = [_error(name, why)]
    return {cell.metadata.nbgrader.grade_id for cell in cells if utils.is_grade(cell)}


def _execute(cells: list[NotebookNode], under: Conditions, log: Logger) -> set[str]:
    not_run, missing = set(), ""
    text = "\n".join(cell.source for cell in cells)
    files = dict(_beside(under.folder, under.submitted, log))
    with Notebook(under.limits, text, files, under.environment, sum(map(under.seconds, cells))) as notebook:
        for cell in cells:
            ran = notebook.run(cell.source, under.seconds(cell), restore=_is_the_instructors(cell))
            cell.outputs = [nbformat.from_dict(output) for output in ran.outputs]
            cell.execution_count = ran.count
            if ran.came is Came.LATE:
                cell.outputs.append(nbformat.from_dict({"output_type": "error", **under.late}))
            elif ran.came is Came.NOT:
                cell.outputs.append(_error("DeadKernelError", _DIED))
            missing = missing or _only_installed_here(cell.outputs)
            failed = any(output.output_type == "error" for output in cell.outputs)
            if utils.is_grade(cell) and (ran.came is Came.NOT or (missing and failed)):
                not_run.add(cell.metadata.nbgrader.grade_id)
        written = notebook.files()
    if missing:
        log.warning("%s is installed, but not for submissions: tests that failed for want of it need a person", missing)
    for name, data in written.items():
        if (under.source / name).exists():  # the next notebook's tests may rely on it
            log.warning("%s is the instructor's; what the notebook wrote over it was not kept", name)
        else:
            _put_back(under.folder, name, data, log)
    return not_run


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


def _beside(folder: Path, submitted: Path, log: Logger) -> Iterator[tuple[str, bytes]]:
    """The files beside a notebook; no links, also none that nbgrader followed when it copied the submission."""
    files = room = 0
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = Path(here, name)
            relative = path.relative_to(folder)
            if path.suffix == ".ipynb" or _has_a_link(submitted, relative):
                continue
            data = _read(path)
            if data is None or files + 1 > MOST_FILES or room + len(data) > MOST_BYTES:
                log.warning("%s is not there while the notebook runs: a link, or too large", path)
                continue
            files, room = files + 1, room + len(data)
            yield str(relative), data


def _has_a_link(root: Path, relative: Path) -> bool:
    return any((root / part).is_symlink() for part in (relative, *relative.parents[:-1]))


def _read(path: Path) -> bytes | None:
    """A regular file's bytes; None where it is none, or too large."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        return file.read() if stat.S_ISREG(status.st_mode) and status.st_size <= MOST_EACH else None


def _put_back(folder: Path, name: str, data: bytes, log: Logger) -> None:
    """Write a file beside the notebook, through no link, and over no notebook."""
    path = folder / name
    partial = path.with_name(f".{path.name[:200]}.new")
    try:
        if path.suffix == ".ipynb":
            raise OSError("a cell writes no notebooks")
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(folder.resolve()) or path.is_symlink():
            raise OSError("a link")
        partial.unlink(missing_ok=True)
        with open(partial, "xb") as file:
            file.write(data)
        try:
            os.replace(partial, path)
        except OSError:
            partial.unlink()
            raise
    except OSError as error:
        log.warning("%s, written by the notebook, was not kept: %s", name, error)
