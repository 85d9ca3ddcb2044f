"""Which names a cell binds and reads, what it defines, and what it imports. Nothing is run."""

from __future__ import annotations

import ast
import functools
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_CACHED_CELLS = 512  # most cells of a class are the same, those of the lesson


@dataclass(frozen=True)
class Definition:
    """A function, class, variable or import at the top level of a cell; a stub is a function without an answer."""

    name: str
    first_line: int
    last_line: int
    is_function: bool = False
    is_stub: bool = False


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
        table = symtable.symtable(source, "cell", "exec")
        definitions = tuple(_definitions(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return CellNames()
    bound = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    tables = [*table.get_children()]
    while tables:
        inner = tables.pop()
        tables += inner.get_children()
        for symbol in inner.get_symbols():
            if symbol.is_global():
                (bound if symbol.is_assigned() else read).add(symbol.get_name())
    return CellNames(frozenset(bound), frozenset(read), definitions)


def without_lines(source: str, definitions: Iterable[Definition]) -> str:
    """Return the source with these definitions as blank lines, so that the other lines keep their numbers."""
    lines = re.split(r"\r\n|\r|\n", source)
    for definition in definitions:
        for number in range(definition.first_line - 1, definition.last_line):
            lines[number] = ""
    return "\n".join(lines)


def imported_modules(source: str) -> list[str]:
    """Return the modules that a cell imports, without their submodules. An import in `try` is only an attempt."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return list(dict.fromkeys(name.partition(".")[0] for name in _imported_modules(tree)))


def _definitions(tree: ast.Module) -> Iterator[Definition]:
    for node in tree.body:
        first, last = node.lineno, node.end_lineno or node.lineno
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                first = min([first, *(decorator.lineno for decorator in node.decorator_list)])
                yield Definition(name, first, last, is_function=True, is_stub=all(map(_is_empty, node.body)))
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                yield Definition(name, first, last)
            case ast.Import(names=[alias]) | ast.ImportFrom(names=[alias]):
                yield Definition(alias.asname or alias.name, first, last)


def _is_empty(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, `pass`, `...` or `raise NotImplementedError`."""
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name("NotImplementedError") | ast.Call(func=ast.Name("NotImplementedError"))):
            return True
    return False


def _imported_modules(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield child.module
        elif isinstance(child, ast.Try):
            yield from _imported_modules(ast.Module([*child.orelse, *child.finalbody], []))
        else:
            yield from _imported_modules(child)
