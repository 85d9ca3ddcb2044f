"""Which names a cell binds and reads, what it defines, and what it imports. Nothing is run."""

from __future__ import annotations

import ast
import functools
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SYNTAX_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
MAX_CACHED_CELLS = 512  # most cells of a class are the same, those of the lesson


@dataclass(frozen=True)
class Definition:
    """A function, class, variable or import at the top level of a cell.

    A stub is a function without an answer. ``has_stub_line`` says whether a function with an answer still contains the
    stub's `raise NotImplementedError()`.
    """

    name: str
    first_line: int
    last_line: int
    is_function: bool = False
    is_stub: bool = False
    has_stub_line: bool = False


@dataclass(frozen=True)
class CellNames:
    """The global names that a cell binds and reads, and its definitions."""

    bound: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    definitions: tuple[Definition, ...] = ()

    @property
    def provided(self) -> frozenset[str]:
        """The names that the cell binds to more than a stub."""
        return self.bound - {definition.name for definition in self.definitions if definition.is_stub}


@functools.lru_cache(maxsize=MAX_CACHED_CELLS)
def names_of(source: str) -> CellNames:
    """Return the names of a cell; a cell that is not Python has none."""
    try:
        bound, read = global_names(source)
        return CellNames(bound, read, tuple(_definitions(ast.parse(source))))
    except SYNTAX_ERRORS:
        return CellNames()


def global_names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the global names that a text binds and reads, also inside of its functions.

    Raises one of `SYNTAX_ERRORS` if the text is not Python.
    """
    bound: set[str] = set()
    read: set[str] = set()
    tables = [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                if symbol.is_assigned() or symbol.is_imported():
                    bound.add(symbol.get_name())
                if symbol.is_referenced():
                    read.add(symbol.get_name())
    return frozenset(bound), frozenset(read)


def without_lines(source: str, definitions: Iterable[Definition]) -> str:
    """Return the source with these definitions as blank lines, so that the other lines keep their numbers."""
    lines = re.split(r"\r\n|\r|\n", source)
    for definition in definitions:
        for number in range(definition.first_line - 1, definition.last_line):
            lines[number] = ""
    return "\n".join(lines)


def imported_modules(source: str) -> tuple[list[str], list[str]]:
    """Return the top-level modules that a text imports outside of `try`, and those that it imports anywhere."""
    try:
        tree = ast.parse(source if "import" in source else "")
    except SYNTAX_ERRORS:
        return [], []
    attempts = [node for node in ast.walk(tree) if isinstance(node, ast.Try) and node.handlers]
    attempted = {id(node) for attempt in attempts for part in attempt.body for node in ast.walk(part)}
    modules = [(id(node) in attempted, module) for node in ast.walk(tree) for module in _modules_of(node)]
    unconditional = dict.fromkeys(module for is_attempt, module in modules if not is_attempt)
    return list(unconditional), list(dict.fromkeys(module for _, module in modules))


def is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the body of a function consists of docstrings, `pass`, `...` and `raise NotImplementedError`."""
    empty = (isinstance(line, ast.Pass) or _is_constant(line) or _raises_not_implemented(line) for line in node.body)
    return all(empty)


def _definitions(tree: ast.Module) -> Iterator[Definition]:
    for node in tree.body:
        first, last = node.lineno, node.end_lineno or node.lineno
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                first = min([first, *(decorator.lineno for decorator in node.decorator_list)])
                stub = is_stub(node)
                has_stub_line = not stub and any(map(_raises_not_implemented, node.body))
                yield Definition(name, first, last, is_function=True, is_stub=stub, has_stub_line=has_stub_line)
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                yield Definition(name, first, last)
            case ast.Import(names=[alias]) | ast.ImportFrom(names=[alias]):
                yield Definition(alias.asname or alias.name, first, last)


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    match statement:
        case ast.Raise(exc=ast.Name("NotImplementedError") | ast.Call(func=ast.Name("NotImplementedError"))):
            return True
    return False


def _modules_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (alias.name.partition(".")[0] for alias in aliases)
        case ast.ImportFrom(module=str(module), level=0):
            yield module.partition(".")[0]
