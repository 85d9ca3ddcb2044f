"""A confined process cannot start others, reach the network, read the host's files or get a right back."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox import CallStatus, Level
from tests.helpers.one_level import one_level
from tests.helpers.student_code import call

REFUSED = {
    "starts a process": "os.fork()",
    "starts a program": "os.execv('/bin/true', ['true'])",
    "opens a socket": "import socket; socket.socket()",
    "sends a signal": "os.kill(os.getppid(), 0)",
    "changes its account": "os.setuid(0)",
    "changes modes": "os.chmod('.', 0o777)",
    "raises a limit": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (100, 100))",
    "writes outside its folder": "open('/usr/lib/mine', 'w')",
    "fills memory": "bytearray(2 << 30)",
}


@pytest.mark.usefixtures("confined_sandbox")
@pytest.mark.parametrize("line", REFUSED.values(), ids=REFUSED)
def test_a_confined_process_is_refused_what_reaches_beyond_it(line: str) -> None:
    reply = call(f"import os\ndef f():\n    {line}")
    assert reply.status is CallStatus.RAISED
    assert reply.error is not None
    assert reply.error.type_name in ("PermissionError", "OSError", "ValueError", "MemoryError"), reply.error


@pytest.mark.usefixtures("confined_sandbox")
def test_a_confined_process_cannot_read_a_file_of_the_host(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("canary")
    secret.chmod(0o644)
    reply = call(f"def f(): return open({str(secret)!r}).read()")
    assert reply.status is CallStatus.RAISED
    assert reply.error is not None
    assert reply.error.type_name in ("PermissionError", "FileNotFoundError")


@pytest.mark.usefixtures("confined_sandbox")
def test_a_confined_process_may_write_in_its_own_folder() -> None:
    source = "def f():\n    open('notes', 'w').write('mine')\n    return open('notes').read()"
    assert call(source).result == "mine"


def test_the_limit_on_memory_holds_at_every_level() -> None:
    with one_level(Level.PROCESS):
        reply = call("def f(): return bytearray(2 << 30)")
    assert reply.error is not None
    assert reply.error.type_name == "MemoryError"
