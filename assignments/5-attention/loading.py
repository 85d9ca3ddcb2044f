"""How a submitted notebook is found, read and run. The self-check and the grader share these rules.

All code cells run in order, except the lesson's illustrations, as long as nothing needs them. Lines that only IPython
understands are translated to Python.
"""

from __future__ import annotations

import contextlib
import hashlib
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
from collections.abc import Collection, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or __package__:
    from autograder.student_files import cell_names, magics
else:  # the files of a student lie side by side
    import cell_names
    import magics

ILLUSTRATION_TAG = "illustration"
SUBMISSION_MODULE = "submission"  # the name of the module that the cells run in, as in grading
MAX_CODE_CHARACTERS = 1 << 20  # of all cells together
MAX_TRANSLATED_IN_ALL = 100_000  # characters of all cells that are not Python
MAX_LISTED_LINES = 5
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

Notebook = dict[str, Any]
Cell = dict[str, Any]


@dataclass(frozen=True)
class Code:
    """The code of a submission that runs: pairs of a label and Python source, and what the student should know."""

    sources: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _CodeCell:
    """A cell as Python. ``is_tagged`` says whether it illustrates, ``is_skippable`` whether it is as released, too."""

    label: str
    source: str
    is_tagged: bool = False
    is_skippable: bool = False

    @property
    def names(self) -> cell_names.CellNames:
        return cell_names.names_of(self.source)


class UnreadableNotebookError(ValueError):
    """Raised if a file is not a notebook that can be judged; the text says what to do."""


def find_notebook(folder: Path, name: str, expected: Collection[str] = ()) -> tuple[Path | None, list[Path]]:
    """Return the notebook to read and the other notebooks in the folder.

    It is the file called ``name``. If there is no such file, it is the only notebook in the folder whose name is not
    among the ``expected`` ones; if there are several or none, it is None. Hidden files do not count.
    """
    expected = {name, *expected}
    notebooks = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    others = [path for path in notebooks if path.name not in expected]
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


def read_code(notebook: Notebook, illustrations: Collection[str] | None = None) -> Code:
    """Return the code that runs; labels count code cells: "code cell 3".

    ``illustrations`` are the hashes of the release's illustrations. None takes every illustration for unchanged. Raises
    `UnreadableNotebookError` if the code is too long.
    """
    cells: list[_CodeCell] = []
    for cell in cells_of(notebook):
        if cell.get("cell_type") == "code":
            label, source = f"code cell {len(cells) + 1}", source_of(cell)
            is_skippable = is_illustration(cell) and (illustrations is None or _hash(source) in illustrations)
            cells.append(_CodeCell(label, source, _has_illustration_tag(cell), is_skippable))
    return _read_cells(cells)


def read_script(source: str) -> Code:
    """Return the code of a Python file, such as one that was exported from a notebook."""
    return _read_cells([_CodeCell("the file", source)])


def illustration_hashes(release: Notebook) -> frozenset[str]:
    """Return the hashes of the cells that only illustrate."""
    return frozenset(_hash(source_of(cell)) for cell in cells_of(release) if is_illustration(cell))


def imported_modules(code: Code) -> dict[str, str]:
    """Return the modules that the code imports outside of `try`, each with the cell that does, in brackets."""
    modules: dict[str, str] = {}
    for label, source in code.sources:
        for module in cell_names.imported_modules(source):
            modules.setdefault(module, f" ({label})")
    return modules


def check_code_length(sources: Iterable[str]) -> None:
    """Raise `UnreadableNotebookError` if the code of a submission is too long."""
    if sum(map(len, sources)) > MAX_CODE_CHARACTERS:
        raise UnreadableNotebookError(
            f"The code is longer than {MAX_CODE_CHARACTERS >> 20} MB. Remove pasted data from the code cells."
        )


def is_illustration(cell: Cell) -> bool:
    """Whether a code cell only illustrates. A cell in which students write an answer does not."""
    return cell.get("cell_type") == "code" and _has_illustration_tag(cell) and not _is_answer(cell)


def source_of(cell: Cell) -> str:
    """Return the text of a cell, which notebooks store as one string or as a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def as_python(source: str) -> str:
    """Return the source with IPython's own lines translated; plain Python stays as it is."""
    return magics.translate(source).source


def _has_illustration_tag(cell: Cell) -> bool:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and ILLUSTRATION_TAG in tags


def _is_answer(cell: Cell) -> bool:
    data = cell["metadata"].get("nbgrader")
    return isinstance(data, dict) and bool(data.get("solution"))


def _hash(source: str) -> str:
    text = "\n".join(line.rstrip() for line in source.strip().splitlines())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _worksheet_cells(worksheets: Any) -> Any:
    """Return the cells of a notebook older than format 4, or None if there are none."""
    if not isinstance(worksheets, list) or not all(isinstance(sheet, dict) for sheet in worksheets):
        return None
    cells = [cell for sheet in worksheets for cell in sheet.get("cells", []) if isinstance(cell, dict)]
    return [{"source": cell.get("input", ""), **cell} for cell in cells]


# The cells that run, and what their student should know.


def _read_cells(cells: list[_CodeCell]) -> Code:
    check_code_length(cell.source for cell in cells if not cell.is_skippable)
    translated, notes = _translate(cells)
    needed = _needed_cells(translated)
    running, more_notes = _without_other_definitions(needed)
    return Code(tuple((cell.label, cell.source) for cell in running), (*notes, *more_notes))


def _translate(cells: list[_CodeCell]) -> tuple[list[_CodeCell], list[str]]:
    translated, ignored = [], []
    characters = 0
    for cell in cells:
        if not magics.is_plain(cell.source):
            characters += len(cell.source)
            if characters <= MAX_TRANSLATED_IN_ALL:
                translation = magics.translate(cell.source)
                ignored += [f"{command} ({cell.label})" for command in translation.ignored]
                cell = replace(cell, source=translation.source)
        translated.append(cell)
    if not ignored:
        return translated, []
    listed = ", ".join(ignored[:MAX_LISTED_LINES])
    others = f" and {len(ignored) - MAX_LISTED_LINES} more" if len(ignored) > MAX_LISTED_LINES else ""
    return translated, [f"In grading, this does nothing: {listed}{others}."]


def _needed_cells(cells: list[_CodeCell]) -> list[_CodeCell]:
    """Leave out the illustrations of the lesson, except those that bind a name which a running cell needs."""
    skippable = [cell for cell in cells if cell.is_skippable]
    running = [cell for cell in cells if not cell.is_skippable]
    while skippable:
        read = frozenset().union(*(cell.names.read for cell in running))
        missing = read.difference(*(cell.names.provided for cell in running))
        needed = [cell for cell in skippable if cell.names.bound & missing]
        if not needed:
            break
        running += needed
        skippable = [cell for cell in skippable if cell not in needed]
    labels = {cell.label for cell in running}
    return [cell for cell in cells if cell.label in labels]


def _without_other_definitions(cells: list[_CodeCell]) -> tuple[list[_CodeCell], list[str]]:
    """Remove stubs of functions that are written elsewhere, and copies of functions in cells that only illustrate."""
    places: dict[str, list[tuple[_CodeCell, cell_names.Definition]]] = {}
    for cell in cells:
        for definition in cell.names.definitions:
            places.setdefault(definition.name, []).append((cell, definition))
    removed: dict[str, list[cell_names.Definition]] = {}
    notes: list[str] = []
    for name, definitions in places.items():
        if len(definitions) == 1 or not any(definition.is_function for _, definition in definitions):
            continue
        counting, others = _choose_definitions(definitions)
        for cell, definition in others:
            removed.setdefault(cell.label, []).append(definition)
        notes += _describe_choice(name, counting, others)
    kept = [
        replace(cell, source=cell_names.without_lines(cell.source, removed[cell.label]))
        if cell.label in removed
        else cell
        for cell in cells
    ]
    return kept, notes


_Places = list[tuple[_CodeCell, cell_names.Definition]]


def _choose_definitions(definitions: _Places) -> tuple[_Places, _Places]:
    """Return the definitions of a function that stay, and those that are removed."""
    written = [(cell, definition) for cell, definition in definitions if not definition.is_stub]
    if not written:
        return definitions, []
    answers = [cell.label for cell, _ in written if not cell.is_tagged]
    position = {cell.label: index for index, (cell, _) in enumerate(definitions)}
    counting = [
        (cell, definition)
        for cell, definition in written
        if not (cell.is_tagged and answers and position[cell.label] > position[answers[0]])
    ]
    return counting, [place for place in definitions if place not in counting]


def _describe_choice(name: str, counting: _Places, others: _Places) -> Iterator[str]:
    """Say which definition of a function counts, if more than one cell has a different one."""
    chosen = counting[-1][0]
    for cell, definition in others:
        if cell.label != chosen.label:
            state = "is still empty" if definition.is_stub else "is only an experiment"
            yield f"The {name} in {cell.label} {state}: the one in {chosen.label} counts."
    labels = list(dict.fromkeys(cell.label for cell, _ in counting))
    if len(labels) > 1:
        yield f"{name} is defined in {' and again in '.join(labels)}. Please keep one of them."


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
