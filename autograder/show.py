"""A report as text for people: what holds first, then each open criterion with its reason."""

from __future__ import annotations

import textwrap

from autograder.verdict import CriterionResult, Report

WIDTH = 100


def number(points: float | None) -> str:
    """Points the way people write them: 3, 2.5, and a dash where there is no verdict."""
    return "–" if points is None else f"{points:g}"


def report(found: Report) -> str:
    """The report as the terminal shows it."""
    lines = [found.path, f"{found.exercise}  {number(found.score)} / {number(found.max_score)}   {found.status.value}"]
    lines += textwrap.wrap(found.message, WIDTH, initial_indent="  ", subsequent_indent="  ")
    if any(criterion.earned or _explains(criterion, found) for criterion in found.verdict.criteria):
        name_width = max(len(criterion.name) for criterion in found.verdict.criteria)
        for criterion in found.verdict.criteria:
            lines += _criterion(criterion, name_width)
    lines += (f"  note: {note}" for note in found.notes)
    lines.append(f"  isolation {found.isolation}, seed {found.seed} (the same verdict again: --seed {found.seed})")
    return "\n".join(lines)


def _explains(criterion: CriterionResult, found: Report) -> bool:
    """Whether a reason says more than the message above it."""
    return criterion.reason is not None and str(criterion.reason) != found.message


def _criterion(criterion: CriterionResult, name_width: int) -> list[str]:
    head = "  {}  {:{}}  {} / {}   ".format(
        "pass" if criterion.earned else "fail",
        criterion.name,
        name_width,
        number(criterion.points),
        number(criterion.max_points),
    )
    indent = " " * len(head)
    text = [
        line
        for sentence in str(criterion.reason or "").split("\n")
        for line in textwrap.wrap(sentence, max(WIDTH - len(head), 40))
    ]
    return [(head + text[0]) if text else head.rstrip(), *(indent + line for line in text[1:])]
