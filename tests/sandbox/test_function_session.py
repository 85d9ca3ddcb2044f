"""Whatever student code does in its process, a call has a definite status and the next call is served."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import numpy as np
import pytest

from autograder.sandbox import CallStatus, FunctionSession, Limits, Sandbox, SandboxError, SkippedSource, StudentError
from autograder.sandbox.function_session import (
    MAX_RECEIVED_BYTES,
    MAX_SKIPPED_SOURCES,
    SECONDS_AFTER_TIMEOUT,
    SLOWEST_CALL_FACTOR,
)
from tests.helpers.student_code import GENEROUS, SHORT, call, program

pytestmark = pytest.mark.usefixtures("sandbox")


def test_an_array_goes_in_and_an_array_comes_back() -> None:
    reply = call("def f(x, axis=-1): return x.sum(axis=axis)", np.arange(6.0).reshape(2, 3), axis=0)
    assert reply.status is CallStatus.RETURNED
    assert reply.result.tolist() == [3.0, 5.0, 7.0]


def test_the_reply_has_the_arguments_as_they_are_after_the_call() -> None:
    reply = call("def f(x):\n    x[0] = 9\n    return x", np.zeros(2))
    assert reply.arguments_after[0].tolist() == [9.0, 0.0]


def test_changing_an_array_after_returning_it_has_no_effect() -> None:
    source = "kept = []\ndef f(x):\n    for a in kept: a[...] = 0\n    kept.append(x + 1)\n    return kept[-1]"
    with FunctionSession(program(source), GENEROUS) as session:
        first = session.call((np.ones(2),), {})
        session.call((np.ones(2),), {})
    assert first.result.tolist() == [2.0, 2.0]


STATUSES = {
    "raise ValueError('no')": CallStatus.RAISED,
    "raise SystemExit(0)": CallStatus.RAISED,
    "raise KeyboardInterrupt": CallStatus.RAISED,
    "return f(x)": CallStatus.RAISED,
    "return bytearray(4 << 30)": CallStatus.RAISED,
    "input()": CallStatus.RAISED,
    "while True: pass": CallStatus.TIMED_OUT,
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()": CallStatus.TIMED_OUT,
    "import os; os._exit(0)": CallStatus.CRASHED,
    "import os; os.abort()": CallStatus.CRASHED,
    "import os; os.closerange(3, 100)": CallStatus.CRASHED,
    "import ctypes; ctypes.string_at(0)": CallStatus.CRASHED,
    "import os\n    for d in range(3, 40):\n        try: os.write(d, b'x' * 64)\n        except OSError: pass": (
        CallStatus.CRASHED
    ),
    "print('x' * 10_000_000); return x": CallStatus.RETURNED,
    "import sys; sys.stderr.write('warning'); return x": CallStatus.RETURNED,
    "import warnings; warnings.warn('careful'); return x": CallStatus.RETURNED,
}


@pytest.mark.parametrize(("body", "status"), STATUSES.items(), ids=lambda value: str(value)[:40])
def test_each_call_ends_with_a_definite_status(body: str, status: CallStatus) -> None:
    limits = SHORT if status is CallStatus.TIMED_OUT else GENEROUS
    assert call(f"def f(x):\n    {body}", np.ones(2), limits=limits).status is status


def test_a_new_process_serves_the_call_after_one_that_loops_or_crashes() -> None:
    source = "import os\ndef f(x):\n    if x[0] > 1: os._exit(1)\n    while x[0] > 0: pass\n    return os.getpid() + x"
    with FunctionSession(program(source), replace(GENEROUS, seconds=5.0)) as session:
        statuses = [session.call((np.full(1, n),), {}).status for n in (0.0, 1.0, 0.0, 2.0, 0.0)]
    assert statuses == [
        CallStatus.RETURNED,
        CallStatus.TIMED_OUT,
        CallStatus.RETURNED,
        CallStatus.CRASHED,
        CallStatus.RETURNED,
    ]


def test_a_source_that_loops_or_ends_the_process_is_skipped() -> None:
    sources = program("x = 1", "while True: pass", "import os; os._exit(0)", "def f(): return x")
    with FunctionSession(sources, SHORT) as session:
        loaded = session.load()
        assert session.call((), {}).result == 1
    assert [source.name for source in loaded.sources] == ["code cell 1", "code cell 4"]
    skipped = [SkippedSource("code cell 2", CallStatus.TIMED_OUT), SkippedSource("code cell 3", CallStatus.CRASHED)]
    assert (loaded.status, loaded.skipped) == (CallStatus.RETURNED, tuple(skipped))


def test_loading_ends_at_the_fourth_source_that_ends_the_process() -> None:
    quits = ["import os; os._exit(0)"] * (MAX_SKIPPED_SOURCES + 1)
    with FunctionSession(program(*quits, "def f(): pass"), GENEROUS) as session:
        loaded = session.load()
    assert (loaded.status, len(loaded.skipped), loaded.sources) == (CallStatus.CRASHED, MAX_SKIPPED_SOURCES + 1, ())


def test_the_last_function_stays_if_its_name_is_given_another_value() -> None:
    with FunctionSession(program("def f(): return 7", "f = f()"), GENEROUS) as session:
        loaded = session.load()
        assert session.call((), {}).result == 7
    assert (loaded.defined, loaded.callable, loaded.function_source) == (True, False, "code cell 1")


def test_after_a_call_that_times_out_the_next_ones_get_less_time() -> None:
    source = "import time\ndef f(x):\n    time.sleep(600)"
    with FunctionSession(program(source), replace(GENEROUS, seconds=3.0)) as session:
        seconds = []
        for _ in range(3):
            started = time.monotonic()
            assert session.call((1,), {}).status is CallStatus.TIMED_OUT
            seconds.append(time.monotonic() - started)
    assert seconds[0] > 3
    assert sum(seconds[1:]) >= 2 * SECONDS_AFTER_TIMEOUT
    assert session._call_seconds == SECONDS_AFTER_TIMEOUT


def test_a_slow_function_keeps_its_time_after_a_call_that_times_out() -> None:
    source = "import time\ndef f(x):\n    time.sleep(600 if x else 0.04)"
    with FunctionSession(program(source), replace(GENEROUS, seconds=5.0)) as session:
        session.call((0,), {})
        session.call((1,), {})
        assert SLOWEST_CALL_FACTOR * 0.04 <= session._call_seconds <= 5.0
        assert session.call((0,), {}).status is CallStatus.RETURNED


def test_calls_after_the_total_time_limit_are_not_made() -> None:
    limits = replace(GENEROUS, total_seconds=1.0)
    with FunctionSession(program("def f(x):\n    while True: pass"), limits) as session:
        assert session.call((1,), {}).status is CallStatus.OUT_OF_TIME
        assert session.call((1,), {}).status is CallStatus.OUT_OF_TIME


def test_a_submission_that_sends_too_many_bytes_is_ended() -> None:
    size = MAX_RECEIVED_BYTES // 4 // 8
    with FunctionSession(program(f"import numpy as np\ndef f(): return np.zeros({size})"), GENEROUS) as session:
        statuses = [session.call((), {}).status for _ in range(5)]
    assert statuses == [CallStatus.RETURNED] * 4 + [CallStatus.CRASHED]


def test_a_forged_exception_cannot_choose_its_name() -> None:
    source = (
        "import os, json, struct\n"
        "def f(x):\n"
        "    error = {'type_name': repr(x.tolist()), 'message': [[]], 'source_name': 3, 'line': 10**4000}\n"
        "    head = json.dumps({'call': 1, 'status': 'raised', **error}).encode()\n"
        "    os.write(4, struct.pack('!II', len(head), 0) + head)\n"
        "    while True: pass\n"
    )
    assert call(source, np.ones(1)).error == StudentError("Exception")


def test_a_forged_reply_is_a_crash() -> None:
    source = (
        "import os, json, struct\n"
        "def f(x):\n"
        "    head = json.dumps({'call': 1, 'status': 'returned', 'result_size': -1}).encode()\n"
        "    for d in range(3, 20):\n"
        "        try: os.write(d, struct.pack('!II', len(head), 0) + head)\n"
        "        except OSError: pass\n"
        "    return x\n"
    )
    assert call(source, np.ones(1)).status is CallStatus.CRASHED


def test_a_session_leaves_no_descriptor_open() -> None:
    call("def f(x): return x", 1)
    before = sorted(os.listdir("/proc/self/fd"))
    for source in ("def f(x): return x", "import os; os._exit(0)", "while True: pass"):
        call(source, 1, limits=replace(SHORT, seconds=0.2))
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_session_refuses_less_isolation_than_its_limits_require(sandbox: Sandbox) -> None:
    limits = Limits(isolation="full")
    if sandbox.level == "full":
        assert FunctionSession(program(), limits).isolation == "full"
    else:
        with pytest.raises(SandboxError, match=rf"'full' is required, but only '{sandbox.level}' is .*bubblewrap"):
            FunctionSession(program(), limits)
