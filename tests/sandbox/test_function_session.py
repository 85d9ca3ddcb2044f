"""One student's code in a process of its own: whatever it does, the answer is definite and the next call is served."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import (
    CallStatus,
    FunctionSession,
    Level,
    Limits,
    LoadResult,
    Program,
    Reply,
    Sandbox,
    SandboxError,
    StudentError,
    default_sandbox,
    host,
    isolation,
)
from tests.helpers.one_level import one_level
from tests.helpers.processes import descendants

QUICK = Limits(seconds=1.0, total_seconds=20.0, memory_mb=1024)


@pytest.fixture(scope="module", params=list(Level), autouse=True)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Every test of this file runs at every level that this machine gives."""
    with one_level(request.param) as one:
        yield one


def ask(source: str, *args: object, limits: Limits = QUICK, **kwargs: object) -> Reply:
    with FunctionSession(Program((("the file", source),), "f", ("selfcheck",)), limits) as session:
        return session.call(args, kwargs)


def load(*sources: str) -> LoadResult:
    cells = tuple((f"code cell {number}", source) for number, source in enumerate(sources, start=1))
    with FunctionSession(Program(cells, "f", ("selfcheck",)), QUICK) as session:
        return session.load()


def test_an_array_goes_in_and_an_array_comes_back() -> None:
    reply = ask("def f(x, axis=-1): return x.sum(axis=axis)", np.arange(6.0).reshape(2, 3), axis=0)
    assert reply.status is CallStatus.RETURNED
    assert reply.result.tolist() == [3.0, 5.0, 7.0]


def test_the_arguments_come_back_as_they_are_after_the_call() -> None:
    reply = ask("def f(x):\n    x[0] = 9\n    return x", np.zeros(2))
    assert reply.arguments_after[0].tolist() == [9.0, 0.0]


def test_a_later_change_of_a_returned_array_changes_nothing() -> None:
    source = "kept = []\ndef f(x):\n    for a in kept: a[...] = 0\n    kept.append(x + 1)\n    return kept[-1]"
    with FunctionSession(Program((("the file", source),), "f"), QUICK) as session:
        first = session.call((np.ones(2),), {})
        session.call((np.ones(2),), {})
    assert first.result.tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("raise ValueError('no')", CallStatus.RAISED),
        ("raise SystemExit(0)", CallStatus.RAISED),
        ("raise KeyboardInterrupt", CallStatus.RAISED),
        ("return f(x)", CallStatus.RAISED),
        ("return bytearray(4 << 30)", CallStatus.RAISED),
        ("input()", CallStatus.RAISED),
        ("while True: pass", CallStatus.TIMED_OUT),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()", CallStatus.TIMED_OUT),
        ("import os; os._exit(0)", CallStatus.CRASHED),
        ("import os; os.abort()", CallStatus.CRASHED),
        ("import os; os.closerange(3, 100)", CallStatus.CRASHED),
        ("import ctypes; ctypes.string_at(0)", CallStatus.CRASHED),
        (
            "import os\n    for d in range(3, 40):\n        try: os.write(d, b'x' * 64)\n        except OSError: pass",
            CallStatus.CRASHED,
        ),
        ("print('x' * 10_000_000); return x", CallStatus.RETURNED),
        ("import sys; sys.stderr.write('warning'); return x", CallStatus.RETURNED),
        ("import warnings; warnings.warn('careful'); return x", CallStatus.RETURNED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_a_call_does_its_ending_is_definite(body: str, ending: CallStatus) -> None:
    assert ask(f"def f(x):\n    {body}", np.ones(2)).status is ending


def test_after_a_call_that_loops_or_crashes_the_next_one_is_served_by_a_fresh_process() -> None:
    source = "import os\ndef f(x):\n    if x[0] > 1: os._exit(1)\n    while x[0] > 0: pass\n    return os.getpid() + x"
    with FunctionSession(Program((("the file", source),), "f"), QUICK) as session:
        endings = [session.call((np.full(1, n),), {}).status for n in (0.0, 1.0, 0.0, 2.0, 0.0)]
    assert endings == [
        CallStatus.RETURNED,
        CallStatus.TIMED_OUT,
        CallStatus.RETURNED,
        CallStatus.CRASHED,
        CallStatus.RETURNED,
    ]


def test_what_the_total_cuts_off_is_out_of_time() -> None:
    limits = Limits(seconds=5.0, total_seconds=1.0)
    with FunctionSession(Program((("the file", "def f(x):\n    while True: pass"),), "f"), limits) as session:
        start = time.monotonic()
        assert session.call((1,), {}).status is CallStatus.OUT_OF_TIME
        assert session.call((1,), {}).status is CallStatus.OUT_OF_TIME
    assert time.monotonic() - start < 4


def test_a_cell_that_raises_is_noted_and_the_next_one_runs() -> None:
    loaded = load("x = 1 / 0", "def f(): return 1")
    assert loaded.callable
    assert [(p.source_name, p.type_name, p.line) for p in loaded.errors] == [("code cell 1", "ZeroDivisionError", 1)]


def test_a_syntax_error_names_its_cell_and_line() -> None:
    loaded = load("y = 1", "z = 2\ndef f(:\n    pass")
    assert not loaded.defined
    assert [(p.source_name, p.type_name, p.line) for p in loaded.errors] == [("code cell 2", "SyntaxError", 2)]


def test_the_last_definition_holds() -> None:
    source = "def f(x): return x\ndef f(x): return x * 2"
    assert ask(source, np.ones(1)).result.tolist() == [2.0]


def test_a_script_is_not_main_and_its_helpers_do_nothing() -> None:
    source = (
        "from selfcheck import check, anything\nimport selfcheck\n"
        "if __name__ == '__main__': raise RuntimeError\n"
        "def f(x):\n    check(f); display(x); selfcheck.check(f)\n    return x"
    )
    assert ask(source, np.ones(1)).status is CallStatus.RETURNED


def test_an_exception_of_the_students_own_travels_under_a_built_in_name() -> None:
    reply = ask("class Secret42(Exception): pass\ndef f(x): raise Secret42", 1)
    assert reply.error is not None
    assert reply.error.type_name == "Exception"


def test_a_text_that_comes_back_is_short_and_does_nothing_to_a_terminal() -> None:
    reply = ask("def f(): return ('\\x1b[2J\\ud800 red', 'x' * 1_000_000)")
    assert reply.result == ("[2J red", "x" * 300)
    reply = ask("def f(): raise ValueError('\\x1b[2J red' + 'x' * 1_000_000)")
    assert reply.error is not None
    assert (reply.error.message[:7], len(reply.error.message)) == ("[2J red", 299)


def test_ipythons_display_does_no_harm_and_was_loaded_beforehand() -> None:
    loaded = load(
        "import sys\nassert 'IPython.display' in sys.modules",
        "from IPython.display import Math, display\ndisplay(Math('x^2'))\ndef f(): return 1",
    )
    assert loaded.errors == ()


def test_a_plot_does_no_harm_and_leaves_nothing() -> None:
    before = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
    cells = (
        "import matplotlib.pyplot as plt\nimport numpy as np",
        "figure, axes = plt.subplots()\naxes.plot([1, 2], label=r'$x^2$')\naxes.legend()\nplt.show()\nfigure",
        "figure.savefig('plot.png')\nsize = len(open('plot.png', 'rb').read())",
        "def f(): return np.array([size])",
    )
    program = Program(tuple((f"code cell {n}", cell) for n, cell in enumerate(cells)), "f")
    with FunctionSession(program, Limits(seconds=10)) as session:
        assert session.load().errors == ()
        assert session.call((), {}).result[0] > 1000
    left = {path.name for path in Path(tempfile.gettempdir()).iterdir()} - before
    assert not {name for name in left if "font" in name or "matplotlib" in name}


def test_what_is_told_of_a_forged_exception_is_a_built_in_name_and_a_line_that_can_be(sandbox: Sandbox) -> None:
    source = (
        "import os, json, struct\n"
        "def f(x):\n"
        "    error = {'type_name': repr(x.tolist()), 'message': [[]], 'source_name': 3, 'line': 10**4000}\n"
        "    head = json.dumps({'call': 1, 'status': 'raised', **error}).encode()\n"
        "    os.write(4, struct.pack('!II', len(head), 0) + head)\n"
        "    while True: pass\n"
    )
    assert ask(source, np.ones(1)).error == StudentError("Exception")


def test_what_one_process_does_to_its_standard_descriptors_the_next_does_not_see() -> None:
    body = """
import fcntl, numpy as np, os
def f(x):
    was = [fcntl.fcntl(n, fcntl.F_GETFL) & os.O_APPEND for n in (0, 1, 2)]
    for n in (0, 1, 2):
        fcntl.fcntl(n, fcntl.F_SETFL, fcntl.fcntl(n, fcntl.F_GETFL) | os.O_APPEND)
    return np.array(was)
"""
    for _ in range(2):
        reply = ask(body, np.zeros(1))
        assert reply.status is CallStatus.RETURNED, reply.error
        assert isinstance(reply.result, np.ndarray)
        assert not reply.result.any()


def test_a_submission_that_answers_without_measure_is_ended() -> None:
    source = "import numpy as np\ndef f(): return np.zeros(2_000_000)"
    with FunctionSession(Program((("the file", source),), "f"), QUICK) as session:
        endings = [session.call((), {}).status for _ in range(5)]
    assert endings == [CallStatus.RETURNED] * 4 + [CallStatus.CRASHED]


def test_a_forged_reply_is_no_answer() -> None:
    source = (
        "import os, json, struct\n"
        "def f(x):\n"
        "    head = json.dumps({'call': 1, 'status': 'returned', 'result_size': -1}).encode()\n"
        "    for d in range(3, 20):\n"
        "        try: os.write(d, struct.pack('!II', len(head), 0) + head)\n"
        "        except OSError: pass\n"
        "    return x\n"
    )
    assert ask(source, np.ones(1)).status is CallStatus.CRASHED


def test_no_process_and_no_file_is_left_behind(sandbox: Sandbox) -> None:
    source = (
        "import os\nos.makedirs('locked/' + 'deep/' * 300)\nopen('left', 'w').write('x')\nos.mkdir('no', 0)\n"
        "os.umask(0o777)\nos.mkdir('none')\ndef f(x): return np.array([os.getpid(), len(os.listdir('.'))])\n"
        "import numpy as np"
    )
    before = descendants()
    with FunctionSession(Program((("the file", source),), "f"), QUICK) as session:
        assert session.call((np.zeros(1),), {}).result[1] == 4
        assert len(descendants() - before) == 1
    assert not descendants() - before
    folder = sandbox._fork_server._folder
    assert folder is None or sorted(os.listdir(folder)) == ["packages", "settings"]


FILLS_THE_DISK = {
    "bytes": "open(str(n), 'wb').write(b'x' * (4 << 20))",
    "files": "open(str(n), 'w').close()",
    "unseen bytes": "os.makedirs('no', 0o333, exist_ok=True); open(f'no/{n}', 'wb').write(b'x' * (4 << 20))",
}


@pytest.mark.parametrize("body", FILLS_THE_DISK.values(), ids=FILLS_THE_DISK)
def test_a_submission_that_fills_the_disk_is_ended_before_its_time(sandbox: Sandbox, body: str) -> None:
    source = f"import os\ndef f(x):\n    n = 0\n    while True:\n        n += 1\n        {body}"
    start = time.monotonic()
    ended = ask(source, 1, limits=Limits(seconds=10)).status
    assert ended is (CallStatus.RAISED if sandbox.level is Level.FULL else CallStatus.CRASHED)
    assert time.monotonic() - start < 9


def test_the_students_process_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_TOKEN", "secret")
    source = "import os\nimport numpy as np\ndef f(): return np.array(['AUTOGRADER_TOKEN' in os.environ])"
    assert ask(source).result.tolist() == [False]


@pytest.mark.parametrize("line", ["import autograder", "from autograder.exercises.softmax.exercise import softmax"])
def test_the_package_with_the_hidden_tests_cannot_be_imported(line: str) -> None:
    assert [problem.type_name for problem in load(line, "def f(): return 1").errors] == ["ModuleNotFoundError"]


def test_a_sandbox_that_does_not_start_is_our_fault_and_says_so(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "fork_server_command", lambda *_: ["/nonexistent/python"])
    with Sandbox((sandbox.level,)) as other, pytest.raises(SandboxError, match=r"did not start .*No such file"):
        other.start_process(256, 1.0)


def test_a_better_level_says_why_it_is_not_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation.shutil, "which", lambda _: None)
    with Sandbox() as other:
        assert other.level in (Level.RESTRICTED, Level.PROCESS)
        assert "bubblewrap is not installed" in other.unavailable_reasons[Level.FULL]


@pytest.mark.parametrize(("namespaces", "level"), [("1000", Level.FULL), ("0", Level.RESTRICTED)])
def test_root_of_a_container_that_knows_no_other_account_gets_what_the_container_gives(
    sandbox: Sandbox, namespaces: str, level: Level
) -> None:
    if sandbox.level is not Level.FULL:
        pytest.skip("one level is enough: the zygote is the container's own")
    setting = f"echo {namespaces} > /proc/sys/user/max_user_namespaces"
    code = (
        "from autograder.sandbox import *\n"
        "program = Program((('the file', 'def f(x): return x'),), 'f')\n"
        "with FunctionSession(program, Limits()) as session:\n"
        "    print(session.isolation, session.call((1,), {}).status)\n"
    )
    words = ["unshare", "--user", "--map-root-user", "sh", "-c", f'{setting} && exec "$@"', "sh", sys.executable, "-c"]
    ran = subprocess.run([*words, code], capture_output=True, text=True, check=False)
    if ran.stderr.startswith("unshare"):
        pytest.skip(f"no container can be made here: {ran.stderr}")
    assert (ran.stdout, ran.stderr) == (f"{level} returned\n", "")


def test_less_isolation_than_asked_for_is_refused_with_the_cure(sandbox: Sandbox) -> None:
    if sandbox.level is Level.FULL:
        FunctionSession(Program((), "f"), Limits(isolation="full"))
    else:
        with pytest.raises(
            SandboxError, match=rf"'full' is required, but only '{sandbox.level}' is available.*bubblewrap"
        ):
            FunctionSession(Program((), "f"), Limits(isolation="full"))


def test_a_zygote_that_dies_is_our_fault_and_a_new_one_serves_the_next(sandbox: Sandbox) -> None:
    program = Program((("the file", "def f(x): return x"),), "f")
    with FunctionSession(program, QUICK) as session:
        session.load()
        end_everything(sandbox)
        with pytest.raises(SandboxError, match="ended while the submission ran"):
            session.call((np.ones(1),), {})
    assert ask("def f(x): return x", np.ones(1)).status is CallStatus.RETURNED
    end_everything(sandbox)
    assert_served_after_one_failure()
    os.killpg(sandbox._fork_server._process.pid, signal.SIGSTOP)
    sandbox._fork_server._control.settimeout(0.5)
    assert_served_after_one_failure()


def test_in_mid_run_no_weaker_level_takes_the_place_of_one_that_is_lost(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox() as other:
        level = other.level
        end_everything(other)
        with pytest.raises(SandboxError):
            other.start_process(256, 1.0)
        monkeypatch.setattr(
            isolation, "fork_server_command", lambda which, packages: ["/bin/false"] if which is level else ["true"]
        )
        with pytest.raises(SandboxError, match="did not start"):
            other.start_process(256, 1.0)
        monkeypatch.undo()
        other.start_process(256, 1.0).stop()
        assert other.level is level


def assert_served_after_one_failure() -> None:
    with pytest.raises(SandboxError):
        ask("def f(x): return x", np.ones(1))
    assert ask("def f(x): return x", np.ones(1)).status is CallStatus.RETURNED


def end_everything(sandbox: Sandbox) -> None:
    process = sandbox._fork_server._process
    its_own = descendants(process.pid)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    while any(map(is_running, its_own)):
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_judge_that_is_ended_leaves_no_process_no_mount_and_no_folder(
    sandbox: Sandbox, number: int, tmp_path: Path
) -> None:
    script = (
        "from autograder.sandbox import *\n"
        "program = Program((('the file', 'import time; time.sleep(60)'),), 'f')\n"
        f"with FunctionSession(program, Limits(seconds=60), Sandbox((Level('{sandbox.level}'),))) as session:\n"
        "    print('begins', flush=True)\n    session.load()"
    )
    tmp_path.chmod(0o711)
    before = mounts()
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as judge:
        assert judge.stdout is not None
        assert judge.stdout.readline() == "begins\n"
        time.sleep(0.2)
        its_own = descendants(judge.pid)
        judge.send_signal(number)
        judge.wait(10)
    assert len(its_own) >= 4
    deadline = time.monotonic() + 5
    while (any(map(is_running, its_own)) or list(tmp_path.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in its_own if is_running(pid)] == []
    assert (list(tmp_path.iterdir()), mounts()) == ([], before)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def mounts() -> str:
    return Path("/proc/self/mounts").read_text()


def test_nothing_leaks_in_the_judge(sandbox: Sandbox) -> None:
    ask("def f(x): return x", 1)
    before = sorted(os.listdir("/proc/self/fd"))
    for source in ("def f(x): return x", "import os; os._exit(0)", "while True: pass"):
        ask(source, 1, limits=Limits(seconds=0.2))
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_after_a_fork_the_run_has_a_sandbox_of_its_own(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_sandbox() is sandbox
    monkeypatch.setattr(host, "_default", (1, sandbox))
    with default_sandbox() as other:
        assert other is not sandbox
