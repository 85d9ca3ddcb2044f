"""Translate what only IPython understands to Python: magics, shell commands, help, prompts and indented cells.

IPython itself finds them, as in a notebook; it is imported only for a cell that is not Python. Code that is timed runs.
Everything else does nothing: it calls the inert `get_ipython()` that self-check and grader define.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import re
from dataclasses import dataclass, replace
from typing import Any

MAX_TRANSLATED_CHARACTERS = 50_000  # of one cell; IPython needs almost a second for these
MAX_CACHED_CELLS = 128
_MAX_COMMANDS = 500  # in one cell, as in IPython
_MAX_PASSES = 8
_MAX_CELL_MAGICS = 5
_MAX_DEPTH = 3  # of magics in magics
_RUNS_ITS_BODY = {"time", "capture", "prun"}
_BODY_DROPPING_NAMES = """
    ! HTML SVG bash cmd debug file html javascript js latex markdown perl pypy python python2 python3 R ruby script
    sh shell sql svg sx system timeit writefile
"""
_DROPS_ITS_BODY = set(_BODY_DROPPING_NAMES.split())
# Magics without effect on the code around them, so that no note is needed.
_SILENT_NAMES = """
    aimport autoreload capture config load_ext matplotlib pdoc pinfo pinfo2 pprint precision prun psearch psource
    pylab reload_ext time timeit who who_ls whos xmode
"""
_SILENT = set(_SILENT_NAMES.split())
# In a cell of one line, IPython understands these without the percent sign.
_AUTOMAGIC_LINE = re.compile(
    r"(autoreload|cat|cd|conda|config|cp|load_ext|ls|mamba|matplotlib|mkdir|mv|pip|pylab|rm|run|time|timeit|uv)\s+\w"
)
_PYLAB = (
    "import numpy, numpy as np, matplotlib, matplotlib.pyplot as plt; "
    "from matplotlib.pylab import *; from numpy import *"
)
_TIME_OPTION = re.compile(r"^\s*--[\w-]+\s")
_RUN_FILE = re.compile(r"^\s*(?:-i\s+)?([A-Za-z_]\w*)(?:\.py)?\s*$")
_PYTHON_FILE = re.compile(r"([A-Za-z_]\w*\.py)\s*")
_CELL_MAGIC = re.compile(r"%%(!|\w+)(?!\S*\?)[ \t]*(.*)")
_PROMPT = re.compile(r"\s*In ?\[\d+\]: ")
_OUTPUT = re.compile(r"Out ?\[\d+\]: ")
_SHOWN_CHARACTERS = 40
_FENCE = re.compile(r"[ \t]*(```|~~~)[ \t]*\w*[ \t]*")
_OTHER_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")


@dataclass(frozen=True)
class Translation:
    """A cell as Python.

    ``ignored`` are its commands that do nothing in grading, shortened. ``file`` is the name of the Python file that
    the cell writes in place of running, and its text. ``removed`` says
    what was left out because it came with pasted text.
    """

    source: str
    ignored: tuple[str, ...] = ()
    file: tuple[str, str] | None = None
    removed: str = ""


def is_python(source: str) -> bool:
    """Whether Python can parse the source."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def is_plain(source: str) -> bool:
    """Whether there is nothing to translate. `In [3]: x = 1` is Python, but not what it means in a notebook."""
    return "get_ipython" not in source and not _PROMPT.match(source) and is_python(source)


@functools.lru_cache(maxsize=MAX_CACHED_CELLS)
def translate(source: str) -> Translation:
    """Return the cell as Python, on the same lines. Plain Python, and what nobody understands, stays as it is."""
    if is_plain(source):
        return Translation(source)
    translation = _translate(source, _MAX_DEPTH)
    return translation if is_python(translation.source) else _translate_pasted(source) or translation


def as_python(source: str) -> str:
    """Return the cell as Python without saying what was left out."""
    return translate(source).source


def _translate_pasted(source: str) -> Translation | None:
    """Translate a cell without the marks that come with pasted text; None if it is no Python even so."""
    if len(source) > MAX_TRANSLATED_CHARACTERS:
        return None
    lines = _split_lines(source)
    written = [number for number, line in enumerate(lines) if line.strip()]
    removed = []
    for number in {*written[:1], *written[-1:]}:
        if _FENCE.fullmatch(lines[number].rstrip("\r\n")):
            lines[number] = "\n"
            removed = ["the marks of a code block"]
    text = "".join(lines)
    spaced = _INVISIBLE.sub("", _OTHER_SPACES.sub(" ", text))
    if spaced != text:
        removed.append("special spaces")
    translation = _translate(spaced, _MAX_DEPTH)
    if not removed or not is_python(translation.source):
        return None
    return replace(translation, removed=" and ".join(removed))


def _translate(source: str, depth: int) -> Translation:
    if len(source) > MAX_TRANSLATED_CHARACTERS or not depth:
        return Translation(source)
    # Neither IPython nor the parser is made for every text.
    with contextlib.suppress(Exception):
        if is_python(source) and not _PROMPT.match(source):
            return _replace_calls(source, depth)
        translation = _translate_cell(source, depth)
        if source.endswith("\n"):
            return translation
        return replace(translation, source=translation.source.removesuffix("\n"))
    return Translation(source)


def _translate_cell(source: str, depth: int) -> Translation:
    """Translate a cell with IPython's transformations; a cell magic at its top runs the rest, or drops it."""
    ipython: Any = importlib.import_module("IPython.core.inputtransformer2")
    manager = ipython.TransformerManager()
    lines = source.splitlines(keepends=True)
    if _PROMPT.match(source):
        lines = ["\n" if _OUTPUT.match(line) else line for line in lines]
    done: list[str] = []
    ignored: list[str] = []
    for _ in range(_MAX_CELL_MAGICS):
        count = len(lines)
        for clean in manager.cleanup_transforms:
            lines = clean(lines)
        done += ["\n"] * (count - len(lines))
        magic = _CELL_MAGIC.match(lines[0]) if lines else None
        if magic is None:
            break
        name, arguments = magic.groups()
        written = _PYTHON_FILE.fullmatch(arguments) if name in ("file", "writefile") else None
        if written:
            return Translation("", file=(written[1], "".join(lines[1:])))
        if name in _DROPS_ITS_BODY:
            return Translation("", (f"%%{name} with its cell",))
        if name not in _RUNS_ITS_BODY:
            ignored.append(f"%%{name}")
        done.append(_bind_captured(arguments) if name == "capture" else "\n")
        lines = lines[1:]
    if len(lines) == 1 and _AUTOMAGIC_LINE.match(lines[0]):
        lines = [f"%{lines[0]}"]
    text = "".join([*done, *_translate_lines(ipython, manager, lines)])
    if not is_python(text):
        return Translation("" if ignored else text, tuple(ignored))
    translation = _replace_calls(text, depth)
    return Translation(translation.source, (*ignored, *translation.ignored))


def _bind_captured(arguments: str) -> str:
    name = arguments.split()[-1] if arguments.split() else ""
    return f"{name} = get_ipython()\n" if name.isidentifier() else "\n"


def _translate_lines(ipython: Any, manager: Any, lines: list[str]) -> list[str]:
    """Do what IPython does with magics, `!` and `?` inside a cell: all in one pass, because it needs one for each."""
    if lines and not lines[-1].endswith("\n"):
        lines = [*lines[:-1], f"{lines[-1]}\n"]
    # A command such as `!echo it's` hides what follows until it is translated.
    for _ in range(_MAX_PASSES):
        found, before = [], lines
        for tokens in ipython.make_tokens_by_line(lines):
            candidates = (transformer.find([tokens]) for transformer in manager.token_transformers)
            found += sorted(filter(None, candidates), key=lambda candidate: candidate.sortby())[:1]
        if len(found) > _MAX_COMMANDS:
            break
        for transformation in reversed(found):
            with contextlib.suppress(SyntaxError):
                lines = transformation.transform(lines)
        if lines == before:
            break
    return lines


# IPython translates each command to a call such as get_ipython().run_line_magic("time", "softmax(x)"), which nbconvert
# also writes to a .py file. What follows replaces those calls.


@dataclass(frozen=True)
class _Command:
    """A magic or a shell command: its kind ("%", "%%" or "!"), its name, the rest of its line, and its body."""

    kind: str
    name: str
    line: str = ""
    body: str = ""

    def __str__(self) -> str:
        text = f"{self.kind}{self.name}" if self.kind == "%%" else f"{self.kind}{self.name} {self.line}".strip()
        text = " ".join(text.split())
        return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"

    @property
    def is_silent(self) -> bool:
        """Whether the command has no effect on the code around it, so that no note is needed."""
        return self.kind != "!" and self.name in _SILENT and not (self.kind == "%%" and self.name == "timeit")


def _replace_calls(source: str, depth: int) -> Translation:
    """Replace the calls of magics that run Python by that Python, and those of others by nothing."""
    tree = ast.parse(source)
    lines = [line.encode() for line in _split_lines(source)]
    ignored = []
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    for node in sorted(statements, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        value = getattr(node, "value", None)
        command = _command(value)
        if value is None or command is None:
            continue
        if isinstance(node, ast.Expr):
            replacement, more = _statement(command, node.col_offset, depth)
        else:
            replacement, more = _expression(command, depth), []
        runs_instead = command.kind == "%" and replacement not in ("", "pass")
        ignored += [*reversed(more)] if more else [] if command.is_silent or runs_instead else [str(command)]
        if replacement:
            before = lines[value.lineno - 1][: value.col_offset]
            after = lines[value.end_lineno - 1][value.end_col_offset :]
            lines[value.lineno - 1 : value.end_lineno] = [before + replacement.encode() + after]
    return Translation(b"".join(lines).decode(), tuple(reversed(ignored)))


def _split_lines(source: str) -> list[str]:
    """Split where Python's parser does."""
    return re.split(r"(?<=\n)|(?<=\r)(?!\n)", source)


def _command(node: Any) -> _Command | None:
    """Return the command that an expression calls, if it is a call of IPython's shell."""
    match node:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name("get_ipython") | ast.Attribute(attr="get_ipython"), args=[]), attr=method
            ),
            args=arguments,
            keywords=[],
        ):
            texts = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
        case _:
            return None
    return _command_of_call(method, texts) if texts and all(isinstance(text, str) for text in texts) else None


def _command_of_call(method: str, texts: list[Any]) -> _Command | None:
    if method in ("system", "getoutput"):
        return _Command("!", texts[0].strip())
    if method == "magic":
        name, _, line = texts[0].strip().partition(" ")
        return _Command("%", name, line)
    if method == "run_line_magic":
        return _Command("%", *texts[:2])
    return _Command("%%", *texts[:3]) if method == "run_cell_magic" else None


def _statement(command: _Command, column: int, depth: int) -> tuple[str, list[str]]:
    """Return the Python that a command stands for, and the commands in it that do nothing."""
    if command.kind == "%" and command.name == "time":
        code = _translate(_TIME_OPTION.sub("", command.line).strip(), depth - 1)
        return (code.source, [*code.ignored]) if is_python(code.source) and code.source.strip() else ("pass", [])
    if command.kind == "%" and command.name == "pylab":
        return _PYLAB, []
    if command.kind == "%" and command.name == "run" and (file := _RUN_FILE.match(command.line)):
        return f"from {file[1]} import *", []
    if command.kind == "%%" and command.name not in _DROPS_ITS_BODY and column == 0:
        code = _translate(command.body, depth - 1)
        return (code.source, [*code.ignored]) if is_python(code.source) else ("pass", [])
    return "pass", []


def _expression(command: _Command, depth: int) -> str:
    """Return the Python of a command whose value is used; empty if the inert shell gives the value."""
    code = command.line.strip()
    is_expression = command.kind == "%" and command.name == "time" and is_python(f"({code})")
    return f"({code})" if is_expression and depth else ""
