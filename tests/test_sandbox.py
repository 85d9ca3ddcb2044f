"""One student's code in a process of its own: whatever it does, the answer is definite and the next call is served."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox import Ending, Limits, Loaded, Program, Reply, SandboxError, Session, client

QUICK = Limits(seconds=1.0, total_seconds=20.0, memory_mb=1024)


def ask(source: str, *args: object, limits: Limits = QUICK, **kwargs: object) -> Reply:
    with Session(Program((("the file", source),), "f", ("selfcheck",)), limits) as session:
        return session.ask(args, kwargs)


def load(*sources: str) -> Loaded:
    cells = tuple((f"code cell {number}", source) for number, source in enumerate(sources, start=1))
    with Session(Program(cells, "f", ("selfcheck",)), QUICK) as session:
        return session.load()


def test_an_array_goes_in_and_an_array_comes_back() -> None:
    reply = ask("def f(x, axis=-1): return x.sum(axis=axis)", np.arange(6.0).reshape(2, 3), axis=0)
    assert reply.ending is Ending.RETURNED
    assert reply.result.tolist() == [3.0, 5.0, 7.0]


def test_the_arguments_come_back_as_they_are_after_the_call() -> None:
    reply = ask("def f(x):\n    x[0] = 9\n    return x", np.zeros(2))
    assert reply.after[0].tolist() == [9.0, 0.0]


def test_a_later_change_of_a_returned_array_changes_nothing() -> None:
    source = "kept = []\ndef f(x):\n    for a in kept: a[...] = 0\n    kept.append(x + 1)\n    return kept[-1]"
    with Session(Program((("the file", source),), "f"), QUICK) as session:
        first = session.ask((np.ones(2),), {})
        session.ask((np.ones(2),), {})
    assert first.result.tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("raise ValueError('no')", Ending.RAISED),
        ("raise SystemExit(0)", Ending.RAISED),
        ("raise KeyboardInterrupt", Ending.RAISED),
        ("return f(x)", Ending.RAISED),
        ("return bytearray(4 << 30)", Ending.RAISED),
        ("input()", Ending.RAISED),
        ("while True: pass", Ending.TIMED_OUT),
        ("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()", Ending.TIMED_OUT),
        ("import os; os._exit(0)", Ending.CRASHED),
        ("import os; os.kill(os.getpid(), 9)", Ending.CRASHED),
        ("import os; os.closerange(3, 100)", Ending.CRASHED),
        ("import ctypes; ctypes.string_at(0)", Ending.CRASHED),
        (
            "import os\n    for d in range(3, 40):\n        try: os.write(d, b'x' * 64)\n        except OSError: pass",
            Ending.CRASHED,
        ),
        ("print('x' * 10_000_000); return x", Ending.RETURNED),
        ("import sys; sys.stderr.write('warning'); return x", Ending.RETURNED),
        ("import warnings; warnings.warn('careful'); return x", Ending.RETURNED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_whatever_a_call_does_its_ending_is_definite(body: str, ending: Ending) -> None:
    assert ask(f"def f(x):\n    {body}", np.ones(2)).ending is ending


def test_after_a_call_that_loops_or_crashes_the_next_one_is_served_by_a_fresh_process() -> None:
    source = "import os\ndef f(x):\n    if x[0] > 1: os._exit(1)\n    while x[0] > 0: pass\n    return os.getpid() + x"
    with Session(Program((("the file", source),), "f"), QUICK) as session:
        endings = [session.ask((np.full(1, n),), {}).ending for n in (0.0, 1.0, 0.0, 2.0, 0.0)]
    assert endings == [Ending.RETURNED, Ending.TIMED_OUT, Ending.RETURNED, Ending.CRASHED, Ending.RETURNED]


def test_what_the_total_cuts_off_is_out_of_time() -> None:
    limits = Limits(seconds=5.0, total_seconds=1.0)
    with Session(Program((("the file", "def f(x):\n    while True: pass"),), "f"), limits) as session:
        start = time.monotonic()
        assert session.ask((1,), {}).ending is Ending.OUT_OF_TIME
        assert session.ask((1,), {}).ending is Ending.OUT_OF_TIME
    assert time.monotonic() - start < 4


def test_a_cell_that_raises_is_noted_and_the_next_one_runs() -> None:
    loaded = load("x = 1 / 0", "def f(): return 1")
    assert loaded.callable
    assert [(p.where, p.error, p.line) for p in loaded.problems] == [("code cell 1", "ZeroDivisionError", 1)]


def test_a_syntax_error_names_its_cell_and_line() -> None:
    loaded = load("y = 1", "z = 2\ndef f(:\n    pass")
    assert not loaded.found
    assert [(p.where, p.error, p.line) for p in loaded.problems] == [("code cell 2", "SyntaxError", 2)]


def test_the_last_definition_holds() -> None:
    source = "def f(x): return x\ndef f(x): return x * 2"
    assert ask(source, np.ones(1)).result.tolist() == [2.0]


def test_a_script_is_not_main_and_its_helpers_do_nothing() -> None:
    source = (
        "from selfcheck import check, anything\nimport selfcheck\n"
        "if __name__ == '__main__': raise RuntimeError\n"
        "def f(x):\n    check(f); display(x); selfcheck.check(f)\n    return x"
    )
    assert ask(source, np.ones(1)).ending is Ending.RETURNED


def test_an_exception_of_the_students_own_travels_under_a_built_in_name() -> None:
    reply = ask("class Secret42(Exception): pass\ndef f(x): raise Secret42", 1)
    assert reply.problem is not None
    assert reply.problem.error == "Exception"


def test_a_forged_reply_is_no_answer() -> None:
    source = (
        "import os, json, struct\n"
        "def f(x):\n"
        "    head = json.dumps({'call': 1, 'ended': 'returned', 'split': -1}).encode()\n"
        "    for d in range(3, 20):\n"
        "        try: os.write(d, struct.pack('!II', len(head), 0) + head)\n"
        "        except OSError: pass\n"
        "    return x\n"
    )
    assert ask(source, np.ones(1)).ending is Ending.CRASHED


def test_no_process_and_no_file_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client.tempfile, "tempdir", str(tmp_path))
    source = "import os, sys\nopen('left', 'w').write('x')\nprint(os.getpid())\ndef f(x): return os.getpid() + x"
    with Session(Program((("the file", source),), "f"), QUICK) as session:
        pid = int(session.ask((np.zeros(1),), {}).result[0])
        assert list(tmp_path.rglob("left"))
    assert not list(tmp_path.iterdir())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_students_process_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_TOKEN", "secret")
    source = "import os\nimport numpy as np\ndef f(): return np.array(['AUTOGRADER_TOKEN' in os.environ])"
    assert ask(source).result.tolist() == [False]


@pytest.mark.parametrize("line", ["import autograder", "from autograder.exercises.softmax.exercise import softmax"])
def test_the_package_with_the_hidden_tests_cannot_be_imported(line: str) -> None:
    assert [problem.error for problem in load(line, "def f(): return 1").problems] == ["ModuleNotFoundError"]


def test_a_sandbox_that_does_not_start_is_our_fault_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_CHILD", Path("/nonexistent/child.py"))
    with pytest.raises(SandboxError, match="before it was ready"):
        ask("def f(x): return x", 1)
    monkeypatch.setattr(client.sys, "executable", "/nonexistent/python")
    with pytest.raises(SandboxError, match="did not start"):
        ask("def f(x): return x", 1)
