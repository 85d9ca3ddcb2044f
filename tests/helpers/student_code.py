"""Student code for tests of the sandbox: a function that is called, sources that are loaded, cells that run."""

from __future__ import annotations

from autograder.sandbox import FunctionSession, Limits, LoadResult, Program, Reply
from autograder.sandbox.notebook_session import CellResult, NotebookSession

# Limits that only a hang reaches, however busy the machine is.
GENEROUS = Limits(seconds=60.0, total_seconds=300.0, memory_mb=1024)
# For code that never ends.
SHORT = Limits(seconds=1.0, total_seconds=300.0, memory_mb=1024)


def program(*sources: str) -> Program:
    """A program that defines ``f``, in cells that are numbered from 1."""
    cells = tuple((f"code cell {number}", source) for number, source in enumerate(sources, start=1))
    return Program(cells, "f", helpers=("selfcheck",))


def load(*sources: str) -> LoadResult:
    """Load the sources in a new process."""
    with FunctionSession(program(*sources), GENEROUS) as session:
        return session.load()


def call(source: str, *args: object, limits: Limits = GENEROUS, **kwargs: object) -> Reply:
    """Load a source that defines ``f`` in a new process, and call ``f`` once."""
    with FunctionSession(program(source), limits) as session:
        return session.call(args, kwargs)


def open_notebook(*cells: str, **files: bytes) -> NotebookSession:
    """Start a notebook's process for these cells."""
    return NotebookSession(GENEROUS, "\n".join(cells), files, {}, seconds=300)


def run_cells(*cells: str) -> list[CellResult]:
    """Run cells as a student's, one after the other in a new process."""
    with open_notebook(*cells) as notebook:
        return [notebook.run_cell(cell, 60, restore=False) for cell in cells]
