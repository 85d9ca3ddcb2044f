"""Run a notebook's cells in a student's process, when worker.py has received the request to start a notebook.

The notebook's files lie in the folder ``work`` of the process's own folder. IPython is imported only here, because
functions do not need it. Each request has a token that the reply repeats, so that no reply can be written beforehand.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.inside import ipython_shell, notebook_files
    from autograder.sandbox.inside.output_recorder import OutputRecorder, OutputStream
else:
    import ipython_shell
    import notebook_files
    from output_recorder import OutputRecorder, OutputStream

# Modules of this folder, listed while it can still be read. A notebook may have modules of the same names.
OWN_MODULES = frozenset(path.stem for path in Path(__file__).parent.glob("*.py"))
Receive = Callable[[], tuple[dict[str, Any], bytes] | None]
Send = Callable[[dict[str, Any], bytes], None]
RunCell = Callable[[str, bool], int]


def main(header: dict[str, Any], payload: bytes, receive: Receive, send: Send) -> None:
    """Start a notebook as the first request asks, then serve requests until the host closes the pipe."""
    try:
        folder = _enter_work_folder(header, payload)
        file_states = notebook_files.file_states(folder)
        recorder = OutputRecorder()
        run_cell = ipython_shell.start(recorder)
    except Exception as error:
        send({"token": header["token"], "failed": f"{type(error).__name__}: {error}"}, b"")
        return
    send({"token": header["token"]}, b"")
    while (message := receive()) is not None:
        header, _ = message
        if header["request"] == "run_cell":
            recorder.begin_cell()
            count = _run(run_cell, recorder, header)
            send({"token": header["token"], "execution_count": count}, json.dumps(recorder.outputs).encode())
        else:
            files, content = notebook_files.read_changed(folder, file_states, header["max_files"], header["max_bytes"])
            send({"token": header["token"], "files": files}, content)


def _enter_work_folder(header: dict[str, Any], payload: bytes) -> Path:
    for name in OWN_MODULES:
        sys.modules.pop(name, None)
    os.environ.update(header["environment"])
    os.mkdir("work")
    os.chdir("work")
    folder = Path.cwd()
    notebook_files.write_files(folder, header["files"], payload)
    sys.path.insert(0, "")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return folder


def _run(run_cell: RunCell, recorder: OutputRecorder, header: dict[str, Any]) -> int:
    """Run a cell; what IPython lets through, such as an interrupt by the host, becomes an error of the cell."""
    try:
        sys.stdout, sys.stderr = OutputStream(recorder, "stdout"), OutputStream(recorder, "stderr")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return run_cell(header["source"], header["restore"])
    except BaseException as error:
        recorder.error(type(error).__name__, str(error), [f"{type(error).__name__}: {error}"])
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
