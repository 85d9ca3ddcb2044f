"""Cut a cell off below a function, where the rest of the cell loops or ends the process."""

from __future__ import annotations

import ast
import re

from autograder.student_files.magics import is_python

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def up_to_definition(source: str, function: str) -> str:
    """Return a cell up to the last definition of a function at its top level; empty if nothing comes below one.

    Other functions and classes that are defined below are kept, because the function may need them.
    """
    body = ast.parse(source).body if is_python(source) else []
    places = [number for number, node in enumerate(body) if function in _defined_names(node)]
    if not places or places[-1] == len(body) - 1:
        return ""
    last = body[places[-1]]
    assert last.end_lineno is not None
    lines = [line.encode() for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", source)[: last.end_lineno]]
    lines[-1] = lines[-1][: last.end_col_offset]
    below = [node for node in body[places[-1] + 1 :] if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return "\n".join([b"".join(lines).decode(), *map(ast.unparse, below)])


def _defined_names(node: ast.stmt) -> set[str]:
    if not isinstance(node, _DEFINITIONS):
        return set()
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {target.id for target in targets if isinstance(target, ast.Name)}
    return {node.name}
