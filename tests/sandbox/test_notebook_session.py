"""The cells of a notebook run in one process, with deadlines that the host keeps and replies that it checks."""

from __future__ import annotations

import threading

import pytest

from autograder.sandbox import CallStatus, SandboxError
from autograder.sandbox.notebook_session import MAX_FILES, NotebookSession
from tests.helpers.student_code import GENEROUS, open_notebook, run_cells

pytestmark = pytest.mark.usefixtures("confined_sandbox")


def test_cells_share_their_names_and_are_counted() -> None:
    first, second = run_cells("x = 1", "x + 1")
    assert (first.status, first.outputs, first.execution_count) == (CallStatus.RETURNED, (), 1)
    assert second.execution_count == 2
    assert [output["data"] for output in second.outputs] == [{"text/plain": "2"}]


def test_a_cell_that_loops_is_interrupted_and_the_next_one_runs() -> None:
    with open_notebook() as notebook:
        looping = notebook.run_cell("while True: pass", 1, restore=False)
        following = notebook.run_cell("1 + 1", 60, restore=False)
    assert looping.status is CallStatus.TIMED_OUT
    assert looping.outputs[-1]["ename"] == "KeyboardInterrupt"
    assert following.status is CallStatus.RETURNED


def test_no_cell_runs_after_the_process_has_ended() -> None:
    statuses = [result.status for result in run_cells("1", "import os\nos._exit(0)", "1")]
    assert statuses == [CallStatus.RETURNED, CallStatus.CRASHED, CallStatus.CRASHED]


def test_a_reply_that_was_written_in_advance_is_not_accepted() -> None:
    forged = (
        "import json, os, struct\nhead = json.dumps({'token': '0' * 32, 'execution_count': 1}).encode()\n"
        "os.write(4, struct.pack('!II', len(head), 2) + head + b'[]')"
    )
    assert [result.status for result in run_cells(forged, "1")] == [CallStatus.CRASHED] * 2


def test_the_outputs_of_a_whole_notebook_are_limited() -> None:
    forged = "import sys\nsys.stdout._recorder.outputs.extend([dict(sys.stdout._recorder.outputs[0])] * 60)"
    results = run_cells(*[f"print('x' * 199_000)\n{forged}"] * 4)
    assert sum(len(str(result.outputs)) for result in results) < 40_000_000
    assert results[-1].status is CallStatus.CRASHED


def test_a_cell_may_start_a_thread_even_if_this_account_has_many() -> None:
    done = threading.Event()
    threads = [threading.Thread(target=done.wait) for _ in range(100)]
    for thread in threads:
        thread.start()
    try:
        (result,) = run_cells(
            "import threading\nthread = threading.Thread(target=print)\nthread.start(); thread.join()"
        )
    finally:
        done.set()
    assert [output["output_type"] for output in result.outputs] == ["stream"]


def test_written_files_come_back_and_given_ones_do_not() -> None:
    with open_notebook(given=b"3 4") as notebook:
        notebook.run_cell(
            "import os\nos.makedirs('made')\nopen('made/new.txt', 'w').write(open('given').read())", 60, restore=False
        )
        assert notebook.written_files() == {"made/new.txt": b"3 4"}


def test_no_more_files_come_back_than_the_limit() -> None:
    with open_notebook() as notebook:
        notebook.run_cell("for n in range(300): open(f'f{n:03}.txt', 'w').write('x')", 60, restore=False)
        assert len(notebook.written_files()) == MAX_FILES


def test_no_files_come_back_from_a_process_that_has_ended() -> None:
    with open_notebook() as notebook:
        notebook.run_cell("import os\nos._exit(0)", 60, restore=False)
        assert notebook.written_files() == {}


def test_a_notebook_that_does_not_start_is_a_failure_of_the_sandbox() -> None:
    with pytest.raises(SandboxError, match="IPython did not start"):
        NotebookSession(GENEROUS, "", {"a/" * 5000: b""}, {}, 60)
