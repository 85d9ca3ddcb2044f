"""`autograder demo`: where it makes its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.demo import run
from tests.helpers.command_line import CommandLine


def test_the_demo_is_made_in_the_given_folder(run_command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Any] = []
    monkeypatch.setattr(run, "run_demo", lambda folder, console: folders.append(folder))
    assert run_command("demo")[0] == run_command("demo", "--folder", "here")[0] == 0
    assert folders == [Path(".demo"), Path("here")]
