"""Which names the statements of a submission's cells bind and read, from their syntax. Nothing is run.

Names that cannot be known without running a cell are left out: those of ``exec``, ``globals()`` and star imports.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from autograder.student_files.cell_names import SYNTAX_ERRORS, global_names


@dataclass(frozen=True)
class Statement:
    """The names in the namespace of all cells that a statement of a cell binds or changes, and those that it reads.

    ``reads`` includes what the functions that it defines read when they are called. ``imports`` says where the names
    come from that an import binds.
    """

    binds: frozenset[str]
    reads: frozenset[str]
    imports: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Cell:
    """A cell of a submission: its label and its source."""

    label: str
    source: str

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements. A cell that does not parse binds what its lines look like they define."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return tuple(map(_statement, ast.parse(self.source).body))
        except SYNTAX_ERRORS:
            return (Statement(frozenset(_names_in_text(self.source)), frozenset()),)

    @property
    def binds(self) -> frozenset[str]:
        """Every name that it binds or changes."""
        return frozenset[str]().union(*(statement.binds for statement in self.statements))

    @property
    def reads(self) -> frozenset[str]:
        """Every name that it reads."""
        return frozenset[str]().union(*(statement.reads for statement in self.statements))

    @property
    def imports(self) -> frozenset[tuple[str, str]]:
        """The names that its imports bind, each with what it stands for."""
        return frozenset[tuple[str, str]]().union(*(statement.imports for statement in self.statements))


def names_needed(function: str, cells: Iterable[Cell]) -> frozenset[str]:
    """Return the names that the statements which bind a function read, that those which bind these read, and so on."""
    statements = [statement for cell in cells for statement in cell.statements]
    needed: set[str] = set()
    pending = {function}
    while pending:
        name = pending.pop()
        needed.add(name)
        for statement in statements:
            if name in statement.binds:
                pending |= statement.reads - needed
    return frozenset(needed)


def changed_names(cell: Cell, earlier: Sequence[Cell]) -> frozenset[str]:
    """Return the names that a cell binds to something else than cells before it, as far as its text shows.

    An import that was made before changes nothing.
    """
    imported = frozenset[tuple[str, str]]().union(*(other.imports for other in earlier))
    repeated = {name for name, _ in cell.imports & imported}
    others = (statement.binds for statement in cell.statements if not statement.imports)
    return (cell.binds - repeated).union(*others)


def names_bound_to(modules: Iterable[str], cells: Iterable[Cell]) -> frozenset[str]:
    """Return the names under which cells import modules or parts of them; a star import binds `*`."""
    wanted = set(modules)
    imports = (pair for cell in cells for pair in cell.imports)
    return frozenset(name for name, origin in imports if origin.split(".")[0] in wanted)


def _statement(node: ast.stmt) -> Statement:
    binds, reads = global_names(ast.unparse(node))
    changed = (
        name
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load)
        for name in _base_name(part)
    )
    return Statement(binds | reads.intersection(changed), reads, frozenset(_imports_of(node)))


def _base_name(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _imports_of(node: ast.stmt) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                root = alias.name.split(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (root, root)
        case ast.ImportFrom(names=aliases, module=str(module), level=0):
            yield from ((alias.asname or alias.name, f"{module}.{alias.name}") for alias in aliases)


def _names_in_text(source: str) -> Iterator[str]:
    for match in re.finditer(r"^\s*(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*=(?!=)", source, re.MULTILINE):
        yield match[1] or match[2]
