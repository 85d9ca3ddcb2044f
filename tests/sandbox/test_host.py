"""A run keeps its level of isolation, and a sandbox that fails is reported as such and started again."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest

from autograder.sandbox import (
    CallStatus,
    FunctionSession,
    Level,
    Sandbox,
    SandboxError,
    default_sandbox,
    host,
    isolation,
)
from tests.helpers.processes import descendants, have_ended
from tests.helpers.student_code import GENEROUS, call, program

RETURN_ARGUMENT = "def f(x): return x"


def kill_everything(sandbox: Sandbox) -> None:
    """Kill the fork server from outside, and wait until its processes are gone."""
    assert sandbox._fork_server is not None
    process = sandbox._fork_server._process
    assert process is not None
    pids = descendants(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert have_ended(pids)


def assert_one_failure_then_service() -> None:
    with pytest.raises(SandboxError):
        call(RETURN_ARGUMENT, np.ones(1))
    assert call(RETURN_ARGUMENT, np.ones(1)).status is CallStatus.RETURNED


def test_a_sandbox_that_cannot_start_says_why(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "fork_server_command", lambda *_: ["/nonexistent/python"])
    with Sandbox((sandbox.level,)) as broken, pytest.raises(SandboxError, match=r"did not start .*No such file"):
        broken.start_process(256, 1.0)


def test_sandbox_reports_why_a_stronger_isolation_level_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.shutil, "which", lambda _: None)
    with Sandbox() as sandbox:
        assert sandbox.level in (Level.RESTRICTED, Level.PROCESS)
        assert "bubblewrap is not installed" in sandbox.unavailable_reasons[Level.FULL]


def test_a_required_level_that_is_unavailable_is_an_error_with_the_remedy() -> None:
    with Sandbox((Level.PROCESS,)) as sandbox:
        assert sandbox.require_level(Level.PROCESS) is Level.PROCESS
        with pytest.raises(SandboxError, match=r"'restricted' is required, but only 'process' .* Use Linux 5.13"):
            sandbox.require_level(Level.RESTRICTED)


def test_if_the_fork_server_dies_the_submission_is_not_to_blame(sandbox: Sandbox) -> None:
    with FunctionSession(program(RETURN_ARGUMENT), GENEROUS) as session:
        session.load()
        kill_everything(sandbox)
        with pytest.raises(SandboxError, match="ended while the submission ran"):
            session.call((np.ones(1),), {})
    assert call(RETURN_ARGUMENT, np.ones(1)).status is CallStatus.RETURNED


def test_a_fork_server_that_dies_between_two_submissions_is_replaced(sandbox: Sandbox) -> None:
    call(RETURN_ARGUMENT, np.ones(1))
    kill_everything(sandbox)
    assert_one_failure_then_service()


def test_a_fork_server_that_does_not_answer_is_replaced(sandbox: Sandbox) -> None:
    call(RETURN_ARGUMENT, np.ones(1))
    assert sandbox._fork_server is not None
    assert sandbox._fork_server._process is not None
    os.killpg(sandbox._fork_server._process.pid, signal.SIGSTOP)
    sandbox._fork_server._control.settimeout(0.5)
    assert_one_failure_then_service()


def test_a_run_never_continues_at_a_weaker_level(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as other:
        level = other.level
        kill_everything(other)
        with pytest.raises(SandboxError):
            other.start_process(256, 1.0)
        monkeypatch.setattr(
            isolation,
            "fork_server_command",
            lambda asked, *_: ["/bin/false"] if asked is level else ["true"],
        )
        with pytest.raises(SandboxError, match="did not start"):
            other.start_process(256, 1.0)
        monkeypatch.undo()
        other.start_process(256, 1.0).stop()
        assert other.level is level


def test_a_forked_process_of_a_run_gets_another_sandbox(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_sandbox() is sandbox
    monkeypatch.setattr(host, "_default", (1, sandbox))
    with default_sandbox() as other:
        assert other is not sandbox


def test_a_course_with_other_packages_gets_another_sandbox(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox((sandbox.level,)) as first:
        monkeypatch.setattr(host, "_default", (os.getpid(), first))
        with default_sandbox(["jinja2"]) as other:
            assert (other is first, other.packages) == (False, ("jinja2",))
            assert default_sandbox() is default_sandbox(("jinja2",)) is other
