"""A verdict as text for people: what was earned, then each open criterion with its reason."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from autograder.verdict import CriterionResult, Report

WIDTH = 100
# What a terminal takes for a command: control sequences; strings up to their end; any other escape.
_COMMANDS = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*|\x1b[ -/]*[0-~]?"
)
_TURNS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")  # the direction of writing


class DisplayableVerdict(Protocol):
    """What a verdict is shown from: a report, or a row of the gradebook's own table."""

    @property
    def exercise(self) -> str: ...  # noqa: D102
    @property
    def status(self) -> str: ...  # noqa: D102
    @property
    def message(self) -> str: ...  # noqa: D102
    @property
    def score(self) -> float | None: ...  # noqa: D102
    @property
    def max_score(self) -> float: ...  # noqa: D102
    @property
    def criteria(self) -> Sequence[CriterionResult]: ...  # noqa: D102
    @property
    def notes(self) -> Sequence[str]: ...  # noqa: D102


def format_points(points: float | None) -> str:
    """Points the way people write them: 3, 2.5, and a dash where there is no verdict."""
    return "–" if points is None else f"{points:g}"


def strip_control_characters(text: str) -> str:
    """A text without anything that a terminal would obey: a submission's words may stand in it."""
    text = _COMMANDS.sub("", text)
    return "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _TURNS))


def format_report(found: Report) -> str:
    """A report as ``judge`` prints it, with what repeats it."""
    repeat = f"isolation {found.isolation}, seed {found.seed} (the same verdict again: --seed {found.seed})"
    return strip_control_characters(f"{found.path}\n{format_verdict(found)}\n  {repeat}")


def format_verdict(found: DisplayableVerdict) -> str:
    """The verdict itself: nothing in it is secret."""
    lines = [f"{found.exercise}  {format_points(found.score)} / {format_points(found.max_score)}   {found.status}"]
    lines += textwrap.wrap(found.message, WIDTH, initial_indent="  ", subsequent_indent="  ")
    # Where nothing could be asked, every reason is the message that stands above already.
    if any(str(criterion.reason or "") != found.message for criterion in found.criteria):
        width = max(len(criterion.name) for criterion in found.criteria)
        for criterion in found.criteria:
            lines += _criterion(criterion, width)
    for note in found.notes:
        lines += textwrap.wrap(f"note: {note}", WIDTH, initial_indent="  ", subsequent_indent="        ")
    return strip_control_characters("\n".join(lines))


def _criterion(criterion: CriterionResult, width: int) -> list[str]:
    state = "pass" if criterion.earned else "fail"
    points = f"{format_points(criterion.points)} / {format_points(criterion.max_points)}"
    head = f"  {state}  {criterion.name:{width}}  {points}   "
    indent = " " * len(head)
    text = [
        line
        for sentence in str(criterion.reason or "").split("\n")
        for line in textwrap.wrap(sentence, max(WIDTH - len(head), 40))
    ]
    return [(head + text[0]) if text else head.rstrip(), *(indent + line for line in text[1:])]
