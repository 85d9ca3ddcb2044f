"""`autograder kit`: one zip an assignment."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.command_line import CommandLine


def test_each_assignment_becomes_a_zip_whose_path_is_printed(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command("init", "school")
    monkeypatch.chdir(tmp_path / "school")
    status, out, _ = run_command("kit", "zips")
    assert status == 0
    assert "zips/3-softmax.zip" in out.splitlines()
    assert all(Path(line).is_file() for line in out.splitlines())
