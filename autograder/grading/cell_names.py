"""Which names a submission's cells bind and read, from their syntax trees. Nothing is run.

Names that cannot be known without running a cell are left out: those of ``exec``, ``globals()`` and star imports.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class CellNames:
    """The names that a cell binds or changes in the namespace of all cells, and every name that it reads anywhere."""

    binds: frozenset[str]
    reads: frozenset[str]


def names_of(source: str) -> CellNames:
    """Return the names of a cell. One that does not parse binds what its lines look like they define."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except _PARSE_ERRORS:
        return CellNames(frozenset(_names_in_text(source)), frozenset())
    reads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return CellNames(frozenset(_bound_names(tree)), frozenset(reads))


def names_needed(function: str, cells: Sequence[CellNames]) -> frozenset[str]:
    """Return the names that the cells which bind a function read, that the cells which bind those read, and so on."""
    needed: set[str] = set()
    pending = {function}
    while pending:
        name = pending.pop()
        needed.add(name)
        for cell in cells:
            if name in cell.binds:
                pending |= cell.reads - needed
    return frozenset(needed)


def _names_in_text(source: str) -> Iterator[str]:
    for match in re.finditer(r"^\s*(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*=(?!=)", source, re.MULTILINE):
        yield match[1] or match[2]


def _bound_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that running a cell binds, and those whose attributes or items it sets."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        yield from _names_of_statement(node)
        if isinstance(node, _SCOPES):
            # Inside, only names declared global belong to the namespace of all cells.
            yield from (name for inner in ast.walk(node) if isinstance(inner, ast.Global) for name in inner.names)
        elif isinstance(node, _COMPREHENSIONS):
            yield from (part.target.id for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
        else:
            pending.extend(ast.iter_child_nodes(node))


def _names_of_statement(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            yield from _base_name(node)
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (alias.asname or alias.name.split(".")[0] for alias in aliases)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name


def _base_name(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
