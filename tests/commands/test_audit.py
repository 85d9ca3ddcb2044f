"""`autograder audit`: its exit status, and wrong names of exercises."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.authoring import audit as auditor
from tests.helpers.command_line import CommandLine


@pytest.mark.parametrize(("problems", "exit_status"), [([], 0), (["a mutant survives"], 1)])
def test_exit_status_is_1_if_an_audit_finds_a_problem(
    run_command: CommandLine, monkeypatch: pytest.MonkeyPatch, problems: list[str], exit_status: int
) -> None:
    audited: list[Any] = []

    def run_audits(exercises: Any, *, seeds: int, progress: Any) -> Iterator[Any]:
        audited.append(([name for _, name in exercises], seeds))
        yield SimpleNamespace(function="softmax")

    monkeypatch.setattr(auditor, "run_audits", run_audits)
    monkeypatch.setattr(auditor, "find_problems", lambda audit: problems)
    monkeypatch.setattr(auditor.AuditDisplay, "show", lambda display, audit: print(audit.function))
    status, out, _ = run_command("audit", "softmax", "--seeds", "3", "--json")
    assert (status, out) == (exit_status, "softmax\n")
    assert audited == [(["softmax"], 3)]


def test_a_wrong_name_is_reported_before_the_work_begins(run_command: CommandLine) -> None:
    status, out, err = run_command("audit", "sotfmax")
    assert (status, out) == (2, "")
    assert "Did you mean softmax?" in err
