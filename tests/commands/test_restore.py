"""`autograder restore`: a snapshot by its number, or the list."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.batch import taking_back
from autograder.history import snapshots
from tests.helpers.command_line import CommandLine


def test_a_snapshot_is_restored_by_its_number(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    monkeypatch.setattr(taking_back, "restore", lambda course, number: [f"It is {number}."])
    assert run_command("restore", "12") == (0, "It is 12.\n", "")


def test_without_a_number_the_snapshots_are_listed(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    assert "There is no snapshot yet." in run_command("restore")[1]
    monkeypatch.setattr(snapshots, "load_all", lambda root: ["7, of today"])
    assert run_command("restore") == (0, "7, of today\n", "")
