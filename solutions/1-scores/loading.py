"""How a submitted notebook is found, read and run. The self-check and the grader share these rules."""

from __future__ import annotations

import contextlib
import io
import json
import linecache
import math
import re
import sys
import time
import traceback
import types
import warnings
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUBMISSION_MODULE = "submission"  # the name of the module that the cells run in, as in grading
MAX_CODE_CHARACTERS = 1 << 20  # of all cells together
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

Notebook = dict[str, Any]
Cell = dict[str, Any]


class UnreadableNotebookError(ValueError):
    """Raised if a file is not a notebook that can be judged; the text says what to do."""


def find_notebook(folder: Path, name: str) -> tuple[Path | None, list[Path]]:
    """Return the notebook to read and the other notebooks in the folder.

    It is the file called ``name``. If there is no such file, it is the only notebook in the folder; if there are
    several or none, it is None. Hidden files do not count.
    """
    notebooks = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    others = [path for path in notebooks if path.name != name]
    path = folder / name
    if path.exists() or path.is_symlink():
        return path, others
    if len(others) == 1:
        return others[0], []
    return None, others


def parse_notebook(data: bytes) -> Notebook:
    """Return the notebook in a file as plain data, in which ``cells`` is a list.

    Accepts a byte order mark and the older formats with worksheets. Raises `UnreadableNotebookError`.
    """
    try:
        text = data.decode("utf-8-sig")
        notebook = json.loads(text)
        if _SURROGATE_ESCAPE.search(text):
            # Half of a surrogate pair becomes "?", because JSON can contain it and a UTF-8 file cannot.
            notebook = json.loads(json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        problem = "The file is not a notebook (it does not contain valid JSON)" if data.strip() else "The file is empty"
        raise UnreadableNotebookError(f"{problem}. Open it in JupyterLab, save it, and use that copy.") from error
    if isinstance(notebook, dict) and "cells" not in notebook:
        notebook["cells"] = _worksheet_cells(notebook.get("worksheets"))
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise UnreadableNotebookError(
            "The file does not contain any cells. Open it in JupyterLab, save it as a notebook, and use that copy."
        )
    return notebook


def cells_of(notebook: Notebook) -> list[Cell]:
    """Return the cells of a notebook without entries that are not cells."""
    return [cell for cell in notebook["cells"] if isinstance(cell, dict)]


def check_code_length(sources: Iterable[str]) -> None:
    """Raise `UnreadableNotebookError` if the code of a submission is too long."""
    if sum(map(len, sources)) > MAX_CODE_CHARACTERS:
        raise UnreadableNotebookError(
            f"The code is longer than {MAX_CODE_CHARACTERS >> 20} MB. Remove pasted data from the code cells."
        )


def source_of(cell: Cell) -> str:
    """Return the text of a cell, which notebooks store as one string or as a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _worksheet_cells(worksheets: Any) -> Any:
    """Return the cells of a notebook older than format 4, or None if there are none."""
    if not isinstance(worksheets, list) or not all(isinstance(sheet, dict) for sheet in worksheets):
        return None
    cells = [cell for sheet in worksheets for cell in sheet.get("cells", []) if isinstance(cell, dict)]
    return [{"source": cell.get("input", ""), **cell} for cell in cells]


# What follows runs a saved notebook for the self-check. The grader runs submissions only in its sandbox.


@dataclass(frozen=True)
class CellProblem:
    """A cell that raised, and what it raised."""

    source: str
    text: str


def run_cells(
    sources: Sequence[tuple[str, str]], module: types.ModuleType, seconds: float = math.inf
) -> tuple[list[CellProblem], list[str]]:
    """Run cells in the namespace of a module; return the cells that raised, and a note on each that took too long.

    A cell that raises does not stop the next one. Grading stops a cell after ``seconds``.
    """
    module.__dict__.update(display=_do_nothing, get_ipython=_InertShell)
    problems, notes = [], []
    for label, source in sources:
        start = time.perf_counter()
        # Lets `error_place` show the line of a cell.
        linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)
        try:
            with silenced():
                exec(compile(source, label, "exec", dont_inherit=True), module.__dict__)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            line = error.lineno if isinstance(error, SyntaxError) else error_place(error)[1]
            problems.append(CellProblem(source, f"{label}, line {line} raised {describe_error(error)}"))
        duration = time.perf_counter() - start
        if duration > seconds:
            notes.append(f"Running {label} took {duration:.1f} s here. In grading, it is stopped after {seconds:g} s.")
    return problems, notes


def error_place(error: BaseException) -> tuple[str, int, str]:
    """Return the last line of a cell that an exception came through: its function, line number and text."""
    place = ("", 0, "")
    for frame, line in traceback.walk_tb(error.__traceback__):
        if not _is_student_code(frame):
            continue
        code = linecache.getline(frame.f_code.co_filename, line).strip()
        if code:
            place = (frame.f_code.co_name, line, code)
    return place


def _is_student_code(frame: types.FrameType) -> bool:
    in_cell = frame.f_globals.get("__name__") in (SUBMISSION_MODULE, "__main__")
    return in_cell and not frame.f_code.co_filename.endswith(("selfcheck.py", "loading.py"))


def describe_error(error: BaseException) -> str:
    """Return the type and message of an exception."""
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:300]
    except Exception:
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Discard what the student's code prints and warns of, and give it no keyboard input."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        with patched(sys.__dict__, {"stdin": io.StringIO()}):
            yield


@contextlib.contextmanager
def patched(mapping: MutableMapping[str, Any], changes: dict[str, Any]) -> Iterator[None]:
    """Change some entries of a mapping, and restore them afterwards."""
    before = {key: mapping[key] for key in changes if key in mapping}
    mapping.update(changes)
    try:
        yield
    finally:
        for key in changes:
            mapping.pop(key, None)
        mapping.update(before)


class SilentModule(types.ModuleType):
    """Replaces a module of the course while cells run: every function in it does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _InertFunction()


class _InertFunction:
    """Does nothing when it is called or used in a `with` statement, which ends quietly at code that is not written."""

    def __call__(self, *_args: Any, **_kwargs: Any) -> _InertFunction:
        return self

    def __enter__(self) -> _InertFunction:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        return kind is not None and issubclass(kind, NotImplementedError)


_InertFunction.__name__ = _InertFunction.__qualname__ = "function"  # a student reads it in messages


class _InertShell:
    """Stands in for IPython's shell, which translated magics call: everything in it does nothing."""

    def getoutput(self, *_args: Any, **_kwargs: Any) -> list[str]:
        """Return no lines, as a command does that prints nothing."""
        return []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _do_nothing


def _do_nothing(*_args: Any, **_kwargs: Any) -> None:
    return None
