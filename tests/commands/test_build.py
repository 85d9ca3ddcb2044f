"""`autograder build`: what it prints, and the exit status of --check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.command_line import CommandLine


def test_check_names_what_differs_and_a_build_makes_it_current(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_command("init", "school")
    monkeypatch.chdir(tmp_path / "school")
    assert run_command("build", "--check") == (0, "solutions/ and assignments/ are current.\n", "")
    changed = Path("assignments/3-softmax/selfcheck.py")
    changed.write_text("")
    status, out, _ = run_command("build", "--check")
    assert (status, str(changed) in out) == (1, True)
    assert run_command("build") == (0, f"{changed}\n", "")
    assert run_command("build") == (0, "Everything was current.\n", "")
