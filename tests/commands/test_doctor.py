"""`autograder doctor`: its lines and its exit status."""

from __future__ import annotations

import pytest

from autograder.commands import doctor_checks
from autograder.commands.doctor_checks import Finding
from tests.helpers.command_line import CommandLine


def test_exit_status_is_1_if_any_check_finds_a_problem(
    run_command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = [Finding(True, "all is well"), Finding(True, "better is possible", "Do this.")]
    monkeypatch.setattr(doctor_checks, "run_checks", lambda _: iter(findings))
    assert run_command("doctor") == (0, "ok       all is well\nok       better is possible\n         Do this.\n", "")
    findings.insert(0, Finding(False, "something is wrong", "Fix it."))
    status, out, _ = run_command("doctor")
    assert (status, out.startswith("problem  something is wrong\n         Fix it.\nok ")) == (1, True)
