"""What a student wrote in a notebook, and whether a task in it is provably untouched."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from autograder.student_files.cell_names import is_stub
from autograder.submission.answer_text import defines_function, parse

MAX_BADGE_CHARACTERS = 1000
_BADGE = re.compile(r"<a [^>]*>\s*<img [^>]*colab[^>]*/?>\s*</a>", re.IGNORECASE)
_PART_OF_A_FUNCTION = re.compile(r"\b(def|lambda|class|return)\b")
_NEW_FUNCTION = re.compile(r"\bdef\s+\w+\s*\(|\blambda\b")
_ANSWER_MARKERS = ("# YOUR CODE HERE", "YOUR ANSWER HERE")


class Place(StrEnum):
    """Where a student wrote something."""

    ANSWER = "answer"  # a cell that asks for an answer
    RELEASED = "released"  # another cell of the release that is not locked
    OWN = "own"  # an added or copied cell, or a text that was typed into a locked cell


@dataclass(frozen=True)
class StudentText:
    """A text that differs from the release; ``released`` is what the cell contained, empty for an own cell."""

    place: Place
    is_code: bool
    text: str
    released: str = ""

    @property
    def added_lines(self) -> list[str]:
        """The lines that are not in the release, without blank ones."""
        known = {line.strip() for line in self.released.splitlines()}
        return [line for line in self.text.splitlines() if line.strip() and line.strip() not in known]


def is_untouched_function(texts: Iterable[StudentText], function: str) -> bool:
    """Whether a student provably did not begin a function.

    The answer cell is the stub, and nothing that could be meant as the answer is in another cell: no function, no text
    in an own cell. Filled gaps and changed examples keep their functions' first lines, so they are no attempt.
    """
    return not any(_may_be_an_attempt(text, function) for text in texts)


def is_untouched_text(texts: Iterable[StudentText]) -> bool:
    """Whether a student provably wrote no text, neither in a cell for a written answer nor in any other place."""
    return not any(_may_be_written(text) for text in texts)


def has_only_stubs(sources: Iterable[str], function: str) -> bool:
    """Whether every definition of a function is a stub. Used for code without a release."""
    trees = [parse(source) for source in sources if defines_function(source, function)]
    definitions = [node for tree in trees if tree for node in tree.body if isinstance(node, ast.FunctionDef)]
    return None not in trees and all(is_stub(node) for node in definitions if node.name == function)


def _may_be_an_attempt(text: StudentText, function: str) -> bool:
    added = _added_text(text)
    if text.place is Place.ANSWER and defines_function(text.text + "\n" + text.released, function):
        return bool(added.strip()) and not _is_renewed_stub(text.text, function)
    if text.place is not Place.OWN:
        return _NEW_FUNCTION.search(added) is not None
    return _PART_OF_A_FUNCTION.search(added) is not None if text.is_code else bool(added.strip())


def _is_renewed_stub(source: str, function: str) -> bool:
    """Whether an answer is a stub without the student's comments, with another docstring than this release's."""
    tree = parse(source)
    if tree is None or len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef):
        return False
    comments = [line.strip() for line in source.splitlines() if "#" in line]
    return is_stub(tree.body[0]) and all(comment in _ANSWER_MARKERS for comment in comments)


def _may_be_written(text: StudentText) -> bool:
    if text.place is Place.ANSWER and text.is_code:
        return False
    return bool(_added_text(text).strip())


def _added_text(text: StudentText) -> str:
    """Return what a student added to a cell, without the button that Colab puts into every notebook."""
    added = "\n".join(text.added_lines)
    return "" if len(added) < MAX_BADGE_CHARACTERS and _BADGE.fullmatch(added.strip()) else added
