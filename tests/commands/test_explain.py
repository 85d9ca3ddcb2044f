"""`autograder explain`: lines from the report, hidden inputs only on request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.reports import score_explanation
from tests.helpers.command_line import CommandLine


def test_the_explanation_is_printed_without_control_characters(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")

    def explain_score(course: Any, student: str, assignment: str, *, hidden: bool) -> Iterator[str]:
        yield f"{student} {assignment} {hidden}"
        yield "a\x1b[31mb"

    monkeypatch.setattr(score_explanation, "explain_score", explain_score)
    assert run_command("explain", "novak", "3-softmax") == (0, "novak 3-softmax False\nab\n", "")
    assert run_command("explain", "novak", "3-softmax", "--hidden")[1].startswith("novak 3-softmax True\n")
