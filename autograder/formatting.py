"""A verdict as text for people: the points, then each criterion with the reason where it was not earned."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Protocol

from autograder.verdict import CriterionResult, Report

WIDTH = 100
_MIN_REASON_WIDTH = 40
# What a terminal obeys: control sequences, control strings up to their end, any other escape sequence.
_ESCAPE_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*|\x1b[ -/]*[0-~]?"
)
# These characters change the direction of writing, so they could rearrange a line.
_DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class DisplayableVerdict(Protocol):
    """The parts of a verdict that are shown; a `Report` and a stored verdict of the gradebook both have them."""

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
    """Write points as people do: 3, 2.5, and a dash where there is no score."""
    return "–" if points is None else f"{points:g}"


def format_score(points: float | None, max_points: float) -> str:
    """Write the points of a graded cell: "2.5 / 4", or what there is to earn if nobody has given any yet."""
    if points is None:
        return f"not marked yet ({format_points(max_points)} to earn)"
    return f"{format_points(points)} / {format_points(max_points)}"


def strip_control_characters(text: str) -> str:
    """Remove everything that a terminal would obey, because the text may contain a student's words."""
    text = _ESCAPE_SEQUENCES.sub("", text)
    return "".join(character for character in text if character in "\n\t" or _is_harmless(character))


def format_report(report: Report) -> str:
    """Write a report as ``autograder judge`` prints it, with what is needed to repeat it."""
    repeat = f"isolation {report.isolation}, seed {report.seed} (the same verdict again: --seed {report.seed})"
    return strip_control_characters(f"{report.path}\n{format_verdict(report)}\n  {repeat}")


def format_verdict(verdict: DisplayableVerdict) -> str:
    """Write points, status, message, criteria and notes. None of it is secret."""
    lines = [f"{verdict.exercise}  {format_score(verdict.score, verdict.max_score)}   {verdict.status}"]
    lines += textwrap.wrap(verdict.message, WIDTH, initial_indent="  ", subsequent_indent="  ")
    # If the function could not be called, every reason repeats the message above.
    if any(str(criterion.reason or "") != verdict.message for criterion in verdict.criteria):
        name_width = max(len(criterion.name) for criterion in verdict.criteria)
        for criterion in verdict.criteria:
            lines += _criterion_lines(criterion, name_width)
    for note in verdict.notes:
        lines += textwrap.wrap(f"note: {note}", WIDTH, initial_indent="  ", subsequent_indent="        ")
    return strip_control_characters("\n".join(lines))


def _criterion_lines(criterion: CriterionResult, name_width: int) -> list[str]:
    state = "pass" if criterion.earned else "fail"
    head = f"  {state}  {criterion.name:{name_width}}  {format_score(criterion.points, criterion.max_points)}   "
    reason_width = max(WIDTH - len(head), _MIN_REASON_WIDTH)
    sentences = str(criterion.reason or "").split("\n")
    reason_lines = [line for sentence in sentences for line in textwrap.wrap(sentence, reason_width)]
    if not reason_lines:
        return [head.rstrip()]
    indent = " " * len(head)
    return [head + reason_lines[0], *(indent + line for line in reason_lines[1:])]


def _is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _DIRECTION_MARKS
