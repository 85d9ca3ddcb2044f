"""Which cells of a notebook run, and in which order. One rule, shared by self-check and judge.

All code cells run in order, but for those that only illustrate (tagged ``illustration``). Lines that only IPython
understands are turned into Python: harmless magics into nothing, shell commands and other magics into an exception
that says why, which costs only the cell it stands in.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import linecache
import re
import sys
import traceback
import types
import warnings
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import Any

ILLUSTRATION = "illustration"
SUBMISSION = "submission"  # the module that the cells of a saved notebook become, here as in grading
HARMLESS = {"matplotlib", "config", "load_ext", "autoreload", "pylab", "precision", "xmode", "time", "timeit", "pprint"}
_SPECIAL = re.compile(r"^(?P<indent>\s*)(?:\w+\s*=\s*)?(?P<mark>%%|%|!!|!)\s*(?P<word>\w*)(?P<rest>.*)$")
_HELP = re.compile(r"^\s*(\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")


class UnreadableNotebookError(ValueError):
    """The file is not a notebook; the text says what it is instead and what would work."""


def read_notebook(path: Path) -> dict[str, Any]:
    """The notebook at ``path`` as plain data. A byte order mark is forgiven; anything else is `UnreadableNotebook`."""
    return parse_notebook(path.read_bytes())


def parse_notebook(data: bytes) -> dict[str, Any]:
    """Like `read_notebook`, from the file's bytes."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        what = "The file is empty" if not data.strip() else "The file is not a notebook (it holds no valid JSON)"
        raise UnreadableNotebookError(f"{what}. Open it in JupyterLab, save it, and use that copy.") from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise UnreadableNotebookError(
            "The file holds no cells. Open it in JupyterLab, save it as a notebook, and use that copy."
        )
    return notebook


def sources(notebook: dict[str, Any]) -> list[tuple[str, str]]:
    """The cells that run, as (label, Python source). Labels count code cells: "code cell 3"."""
    found = []
    code = [cell for cell in notebook["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    for number, cell in enumerate(code, start=1):
        if not illustrates(cell):
            found.append((f"code cell {number}", as_python(source_of(cell))))
    return found


def illustrates(cell: dict[str, Any]) -> bool:
    """Whether a cell only illustrates, and is skipped."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and ILLUSTRATION in tags


def source_of(cell: dict[str, Any]) -> str:
    """The cell's text; notebooks may store it as one string or as a list of lines."""
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def as_python(source: str) -> str:
    """The source with IPython's own lines translated; plain Python comes back as it is."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        lines = source.split("\n")
        if lines[0].startswith("%%") and lines[0][2:].split(" ")[0] not in ("time", "timeit", "capture"):
            return _refuse("", lines[0].split(" ")[0])
        return "\n".join(map(_translate, lines))
    return source


def _translate(line: str) -> str:
    if _HELP.match(line):
        return ""
    special = _SPECIAL.match(line)
    if not special:
        return line
    indent, mark, word = special["indent"], special["mark"], special["word"]
    if mark == "%%":
        return ""
    if mark == "%" and word in HARMLESS:
        return indent + (special["rest"].strip() if word in ("time", "timeit") else "pass")
    return _refuse(indent, mark + (word if mark == "%" else ""))


def _refuse(indent: str, what: str) -> str:
    kind = "shell commands" if what.startswith("!") else f"the magic {what}"
    return f"{indent}raise RuntimeError({f'this course runs plain Python: {kind} cannot run here; remove the line'!r})"


# Running a saved notebook: for the self-check only. The judge runs nobody's code; its sandbox has a loader of its own.


def run(sources: Sequence[tuple[str, str]], module: types.ModuleType) -> list[tuple[str, str]]:
    """Run the cells in one namespace. One that raises does not stop the next: it comes back as (source, problem)."""
    module.__dict__["display"] = _nothing
    problems = []
    for label, source in sources:
        linecache.cache[label] = (len(source), None, source.splitlines(keepends=True), label)  # read by place
        try:
            with quiet():
                exec(compile(source, label, "exec", dont_inherit=True), module.__dict__)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            line = error.lineno if isinstance(error, SyntaxError) else place(error)[1]
            problems.append((source, f"{label}, line {line} raised {words(error)}"))
    return problems


def place(error: BaseException) -> tuple[str, int, str]:
    """The last line of a cell that an exception came through: its function, its number in the cell, its text."""
    place = ("", 0, "")
    for frame, line in traceback.walk_tb(error.__traceback__):
        file, module = frame.f_code.co_filename, frame.f_globals.get("__name__")
        ours = module not in (SUBMISSION, "__main__") or file.endswith(("selfcheck.py", "loading.py"))
        if not ours and (code := linecache.getline(file, line).strip()):
            place = (frame.f_code.co_name, line, code)
    return place


def words(error: BaseException) -> str:
    """An exception's type and message."""
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)[:300]
    except Exception:
        message = ""
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """What your code prints, warns of or asks for does no harm."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        with changed(sys.__dict__, {"stdin": io.StringIO()}):
            yield


@contextlib.contextmanager
def changed(mapping: MutableMapping[str, Any], changes: dict[str, Any]) -> Iterator[None]:
    """Change some entries of a mapping for a while."""
    before = {key: mapping[key] for key in changes if key in mapping}
    mapping.update(changes)
    try:
        yield
    finally:
        for key in changes:
            mapping.pop(key, None)
        mapping.update(before)


class Silent(types.ModuleType):
    """Stands in for a module of the course while cells run: `check` and pictures do nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None
