"""What the text of a cell says about its code: which functions it defines, and whether it is whole. Nothing is run."""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections.abc import Sequence

from autograder.student_files.cell_names import is_stub
from autograder.student_files.magics import as_python

MAX_PARTS = 4  # that a cell may have been split into, after its first
MAX_CHARACTERS = 20_000  # of cells that are looked at more closely
_FENCED_CODE = re.compile(r"\s*```\w*\n(?P<code>.*?)\n?```\s*", re.DOTALL)


def defines_function(source: str, function: str) -> bool:
    """Whether a cell binds the name of a function, also in text that is not Python."""
    pattern = rf"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+{function}\b|^{function}[ \t]*=[^=]"
    return re.search(pattern, source, re.MULTILINE) is not None


def binds_more_than_a_stub(source: str, function: str) -> bool:
    """Whether a cell defines a function with a body that does more than raise NotImplementedError."""
    if not defines_function(source, function):
        return False
    tree = parse(_translated(source))
    if tree is None:
        return True
    nodes = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    return not nodes or not is_stub(nodes[-1])


def is_complete(source: str) -> bool:
    """Whether a text is Python as it stands, without a return or yield outside of a function."""
    tree = parse(source)
    return tree is not None and not any(map(_leaves_a_function, tree.body))


def join_parts(first: str, following: Sequence[str]) -> tuple[str, int]:
    """Return the text of a function that "Split cell" cut into parts, and how many of the following cells it took.

    A cell belongs to the function if one of the two is not complete, and both together are.
    """
    joined, taken = first, 0
    if sum(map(len, (first, *following[:MAX_PARTS]))) > MAX_CHARACTERS:
        return joined, taken
    texts = [first]
    for count, part in enumerate(following[:MAX_PARTS], start=1):
        if any(map(is_complete, texts)) and _stands_alone(part, after=texts):
            break
        texts = [text + separator + part for text, separator in itertools.product(texts, ("\n", ""))]
        whole = [text for text in texts if is_complete(text)]
        if whole:
            joined, taken, texts = whole[0], count, whole[:1]
    return joined, taken


def code_in_markdown(text: str) -> str:
    """Return the code of a text cell that is one fenced block; any other text as it is."""
    match = _FENCED_CODE.fullmatch(text)
    return match["code"] if match else text


def parse(source: str) -> ast.Module | None:
    """Return the syntax tree of a text, or None if it is not Python or too long."""
    if len(source) > MAX_CHARACTERS:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _translated(source: str) -> str:
    return as_python(source) if len(source) <= MAX_CHARACTERS else source


def _stands_alone(part: str, after: Sequence[str]) -> bool:
    """Whether a cell is separate code; one that is only indented is, unless the function before it still needs it."""
    if is_complete(part) or (not part[:1].isspace() and is_complete(_translated(part))):
        return True
    return is_complete(textwrap.dedent(part)) and any(_ends_with_return(text) for text in after)


def _ends_with_return(source: str) -> bool:
    tree = parse(source)
    last = tree.body[-1] if tree and tree.body else None
    return isinstance(last, ast.FunctionDef) and isinstance(last.body[-1], ast.Return)


def _leaves_a_function(node: ast.AST) -> bool:
    """Whether a return or yield below a node is not inside of a function."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return False
    if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
        return True
    return any(map(_leaves_a_function, ast.iter_child_nodes(node)))
