"""`autograder undo`: prints what was taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch import taking_back
from tests.helpers.command_line import CommandLine


def test_what_was_taken_back_is_printed(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    monkeypatch.setattr(taking_back, "undo", lambda course: ["It is so."])
    assert run_command("undo") == (0, "It is so.\n", "")
