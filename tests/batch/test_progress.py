"""What is shown while a class is graded."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from autograder.batch import progress
from autograder.batch.progress import ProgressDisplay
from autograder.batch.summary import Summary
from autograder.verdict import Status
from tests.helpers.terminal import HOSTILE_TEXT, terminal


def test_a_terminal_shows_rate_counts_and_the_slowest_student(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_TERMINAL_INTERVAL", 0.0)
    console, file = terminal()
    summary = Summary("3-softmax")
    with ProgressDisplay(console, summary, 30) as display:
        for number in range(12):
            summary.add(f"s{number}", Status.GRADED, "")
            display.advance()
            display.show(HOSTILE_TEXT, 7.0)
    text = file.getvalue()
    assert "12/30" in text
    assert "a second" in text
    assert "graded 12" in text
    assert "slow: [red]x[/red]  {0} %s, 7 s" in text
    assert "\x1b[2J" not in text
    assert "title" not in text


def test_without_a_terminal_progress_is_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LINE_INTERVAL", 0.0)
    file = io.StringIO()
    summary = Summary("3-softmax")
    with ProgressDisplay(Console(file=file, width=60), summary, 30) as display:
        for _ in range(12):
            display.advance()
        summary.add("x", Status.ALTERED, "")
        display.show(HOSTILE_TEXT, 7.0)
    assert "\x1b" not in file.getvalue()
    assert "12 of 30, about 0 s left" in file.getvalue()
    assert "altered 1" in file.getvalue()
    assert "[red]x[/red]" in file.getvalue()


def test_nothing_is_shown_again_within_a_moment() -> None:
    file = io.StringIO()
    with ProgressDisplay(Console(file=file, width=60), Summary("3-softmax"), 30) as display:
        display.advance()
        display.show()
    assert file.getvalue() == ""
