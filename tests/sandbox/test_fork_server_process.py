"""A fork server and its processes leave nothing behind, however the run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import FunctionSession, Sandbox
from autograder.sandbox.fork_server_process import ForkServerProcess
from tests.helpers.processes import descendants, have_ended
from tests.helpers.student_code import GENEROUS, program
from tests.helpers.waiting import wait_until


def mounts() -> str:
    return Path("/proc/self/mounts").read_text()


def test_a_session_leaves_no_process_and_no_file(sandbox: Sandbox) -> None:
    source = (
        "import os\nos.makedirs('locked/' + 'deep/' * 300)\nopen('left', 'w').write('x')\nos.mkdir('no', 0)\n"
        "os.umask(0o777)\nos.mkdir('none')\ndef f(x): return np.array([os.getpid(), len(os.listdir('.'))])\n"
        "import numpy as np"
    )
    assert sandbox.level
    before = descendants()
    with FunctionSession(program(source), GENEROUS) as session:
        assert session.call((np.zeros(1),), {}).result[1] == 4
        assert len(descendants() - before) == 1
    assert not descendants() - before
    assert sandbox._fork_server is not None
    folder = sandbox._fork_server._folder
    assert folder is None or sorted(os.listdir(folder)) == ["packages", "settings"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_killed_leaves_no_process_no_mount_and_no_folder(
    sandbox: Sandbox, number: int, tmp_path: Path
) -> None:
    script = (
        "from autograder.sandbox import *\n"
        "program = Program((('the file', 'import time; time.sleep(600)'),), 'f')\n"
        "limits = Limits(seconds=600, total_seconds=600)\n"
        f"with FunctionSession(program, limits, Sandbox((Level('{sandbox.level}'),))) as session:\n"
        "    print('begins', flush=True)\n    input()\n    session.load()"
    )
    tmp_path.chmod(0o711)
    mounts_before = mounts()
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        assert run.stdout.readline() == "begins\n"
        idle = descendants(run.pid)
        run.stdin.write("\n")
        run.stdin.flush()
        wait_until(lambda: descendants(run.pid) - idle, "the start of the student's process")
        pids = descendants(run.pid)
        run.send_signal(number)
        run.wait()
    assert have_ended(pids)
    wait_until(lambda: not list(tmp_path.iterdir()), "the removal of the sandbox's folder")
    assert mounts() == mounts_before


def test_what_a_fork_server_wrote_to_stderr_is_in_the_error(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["/bin/sh", "-c", "echo no such luck >&2; exit 1"]
    monkeypatch.setattr("autograder.sandbox.isolation.fork_server_command", lambda *_: command)
    with pytest.raises(OSError, match="no such luck"):
        ForkServerProcess(sandbox.level)
