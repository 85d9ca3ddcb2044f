"""`autograder grade`: its options, and its exit status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder import batch
from autograder.batch.summary import Summary
from autograder.verdict import Status
from tests.helpers.command_line import CommandLine


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ((), batch.Options()),
        (("--student", "ann", "ben"), batch.Options(students=("ann", "ben"))),
        (("--force", "--dry-run", "--workers", "3"), batch.Options(force=True, dry_run=True, workers=3)),
        (("--failed", "--feedback"), batch.Options(failed=True, feedback=True)),
        (("--scheduler", "tcp://host:8786"), batch.Options(scheduler="tcp://host:8786")),
    ],
)
def test_each_option_reaches_the_run(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], options: Any
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    asked = []

    def grade(course: Any, assignment: str, options: batch.Options, console: Any) -> Summary:
        asked.append((assignment, options))
        return Summary(assignment)

    monkeypatch.setattr(batch, "grade", grade)
    assert run_command("grade", "3-softmax", *words)[0] == 0
    assert asked == [("3-softmax", options)]


@pytest.mark.parametrize(("status", "exit_status"), [(Status.GRADED, 0), (Status.UNFINISHED, 0), (Status.MISSING, 1)])
def test_exit_status_is_1_only_if_a_submission_needs_review(
    run_command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: Status, exit_status: int
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    summary = Summary("3-softmax")
    summary.add("ann", status, "")
    monkeypatch.setattr(batch, "grade", lambda *_: summary)
    assert run_command("grade", "3-softmax")[0] == exit_status
