"""Make mutants of a correct program: small changes that a hidden case must catch, unless they change nothing.

The maintained mutation libraries (mutmut, cosmic-ray) change files and start a test run for each change. Here a mutant
is a text that answers a few dozen calls.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_NAMES = {
    "max": "min",
    "amax": "amin",
    "maximum": "minimum",
    "sum": "mean",
    "exp": "exp2",
    "log": "log2",
    "sqrt": "square",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "any": "all",
    "all": "any",
}
_OUTPUT_FUNCTIONS = ("print", "warn")  # a grader ignores what they do


@dataclass(frozen=True)
class Mutant:
    """A program with one change. The name shows program, line and change; audit.yml refers to mutants by it."""

    name: str
    text: str


def make_mutants(program: str, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a program's text, always in the same order."""
    tree = _NegativeConstants().visit(ast.parse(text))
    seen: Counter[str] = Counter()
    for parent, field, index, node in _places(tree):
        for changed in _changes(node):
            line = getattr(node, "lineno", 0)
            name = f"{program}:{line}: {_first_line(node)} -> {_first_line(changed)}"
            seen[name] += 1
            _set(parent, field, index, changed)
            yield Mutant(name if seen[name] == 1 else f"{name} #{seen[name]}", ast.unparse(tree))
            _set(parent, field, index, node)


class _NegativeConstants(ast.NodeTransformer):
    """Turn a minus sign and a number into one constant, so that it is mutated as one."""

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            return ast.copy_location(ast.Constant(-node.operand.value), node)  # type: ignore[operator]
        return node


def _places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield the parent, field, index and node of everything in the tree that can affect the result."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _has_no_effect(child):
                continue
            yield node, field, index, child
            yield from _places(child)


def _set(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the replacements for a node, one for each mutant."""
    match node:
        case ast.BinOp():
            for operator in _OPERATORS.get(type(node.op), ()):
                yield _with(node, op=operator())
            yield node.left
            yield node.right
        case ast.AugAssign():
            for operator in _OPERATORS.get(type(node.op), ()):
                yield _with(node, op=operator())
            yield ast.Pass()
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            yield _with(node, ops=[_COMPARISONS[type(operator)]()])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            yield from node.values
        case ast.UnaryOp():
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float() as number):
            replacements = dict.fromkeys((number + 1, number - 1, -number))
            yield from (ast.Constant(replacement) for replacement in replacements if replacement != number)
        case ast.Call():
            yield from _call_changes(node)
        case ast.Assign() | ast.Expr() | ast.For() | ast.If():
            yield ast.Pass()


def _call_changes(node: ast.Call) -> Iterator[ast.AST]:
    for index in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:index], *node.keywords[index + 1 :]])
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in _NAMES:
            yield _with(node, func=_with(node.func, attr=_NAMES[node.func.attr]))
        is_module_function = isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy", "math")
        if not is_module_function:
            yield node.func.value
            return
    elif isinstance(node.func, ast.Name) and node.func.id in _NAMES:
        yield _with(node, func=ast.Name(_NAMES[node.func.id], ast.Load()))
    if node.args and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _has_no_effect(node: ast.AST) -> bool:
    """Tell whether a statement is a docstring, or only prints or warns."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    if not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    return getattr(function, "id", getattr(function, "attr", "")) in _OUTPUT_FUNCTIONS


def _first_line(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]
