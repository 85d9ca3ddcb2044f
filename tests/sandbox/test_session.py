"""A session counts what it receives, and knows which slow modules a submission imports."""

from __future__ import annotations

import pytest

from autograder.sandbox import CallStatus, Limits, Sandbox, SandboxError
from autograder.sandbox.inside.wire import ProtocolError
from autograder.sandbox.session import Session


def test_a_session_refuses_more_bytes_than_its_limit(sandbox: Sandbox) -> None:
    with Session(Limits(), 10, sandbox) as session:
        session._count_received(bytes(10))
        with pytest.raises(ProtocolError):
            session._count_received(b"x")


def test_a_crash_is_the_sandboxs_if_the_fork_server_is_gone(sandbox: Sandbox) -> None:
    with Session(Limits(), 10, sandbox) as session:
        session._start(1.0, "")
        assert session._stop_after(CallStatus.CRASHED) is CallStatus.CRASHED
        session._start(1.0, "")
        sandbox.close()
        assert session._stop_after(CallStatus.TIMED_OUT) is CallStatus.TIMED_OUT
        with pytest.raises(SandboxError):
            session._stop_after(CallStatus.CRASHED)


@pytest.mark.parametrize(
    ("text", "preloaded"),
    [
        ("import numpy as np", []),
        ("from matplotlib import pyplot", ["matplotlib.pyplot"]),
        ("import IPython, matplotlib", ["matplotlib.pyplot", "IPython.display"]),
    ],
)
def test_only_modules_that_a_submission_mentions_are_preloaded(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, text: str, preloaded: list[str]
) -> None:
    asked: list[list[str]] = []
    start = sandbox.start_process
    monkeypatch.setattr(sandbox, "start_process", lambda *given: (asked.append(given[-1]), start(*given))[1])
    with Session(Limits(), 10, sandbox) as session:
        session._start(1.0, text)
    assert asked == [preloaded]
