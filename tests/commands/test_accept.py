"""`autograder accept`: what it does with a file, and its exit status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder import batch
from autograder.batch import decisions
from autograder.batch.decisions import Decision
from autograder.batch.summary import Summary
from tests.helpers.command_line import CommandLine


@pytest.mark.parametrize(("is_settled", "exit_status"), [(True, 0), (False, 1)])
@pytest.mark.parametrize("words", [(), ("mine.ipynb",)])
def test_a_file_is_chosen_and_graded_before_the_points_are_accepted(
    run_command: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    is_settled: bool,
    exit_status: int,
) -> None:
    (tmp_path / "course.yml").write_text("title: X\n")
    calls: list[Any] = []

    def grade(course: Any, assignment: str, options: batch.Options, console: Any) -> Summary:
        calls.append((assignment, options.students))
        return Summary(assignment)

    def accept(course: Any, student: str, assignment: str, by: str) -> Decision:
        calls.append((student, assignment, bool(by)))
        return Decision(is_settled, "It is so.")

    monkeypatch.setattr(batch, "grade", grade)
    monkeypatch.setattr(decisions, "choose_file", lambda course, *choice, by: calls.append(choice))
    monkeypatch.setattr(decisions, "accept", accept)
    status, text, _ = run_command("accept", "novak", "3-softmax", *words)
    chosen = [("novak", "3-softmax", "mine.ipynb"), ("3-softmax", ("novak",))] if words else []
    assert calls == [*chosen, ("novak", "3-softmax", True)]
    assert (status, text) == (exit_status, "It is so.\n")
