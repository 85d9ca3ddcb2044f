"""Run a notebook's cells one after the other in a student's process, and take back what they print and write."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.sandbox import notebook_replies
from autograder.sandbox.host import SandboxError
from autograder.sandbox.inside import wire
from autograder.sandbox.protocol import CallStatus, Limits
from autograder.sandbox.session import CRASHES, Session

MAX_FILES, MAX_FILE_BYTES = 100, 16 << 20  # of what a notebook leaves beside it
MAX_OUTPUT_BYTES = 32 << 20  # of all cells: the host keeps them until the notebook is done
MAX_SECONDS = 86_400.0
_START_SECONDS = 20.0  # for IPython to start, and for files to come back
_INTERRUPT_SECONDS = 5.0  # from an interrupt to the cell's reply
_PRELOAD = (
    "IPython.core.interactiveshell",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.application",
    "unittest",
    "numpy.testing",
)


@dataclass(frozen=True)
class CellResult:
    """The result of a cell: its status, its outputs in notebook format (text and PNG only), its execution count."""

    status: CallStatus
    outputs: tuple[dict[str, Any], ...] = ()
    execution_count: int | None = None


class NotebookSession(Session):
    """The cells of one notebook. Use it as a context manager."""

    def __init__(
        self, limits: Limits, text: str, files: Mapping[str, bytes], environment: Mapping[str, str], seconds: float
    ) -> None:
        """Start IPython, with ``files`` (relative name -> content) in its working directory.

        ``text`` is what all cells contain, so that the modules they import can be loaded beforehand; ``seconds`` is
        how long all of them together may take.
        """
        super().__init__(limits, MAX_OUTPUT_BYTES)
        self._start(min(seconds, MAX_SECONDS), text, _PRELOAD)
        header = {
            "request": "start_notebook",
            "files": [(name, len(content)) for name, content in files.items()],
            "environment": dict(environment),
        }
        try:
            reply, _ = self._exchange(header, time.monotonic() + _START_SECONDS, b"".join(files.values()))
            if "failed" in reply:
                raise OSError(str(reply["failed"])[:300])
        except (TimeoutError, OSError, *CRASHES) as error:
            self._stop()
            raise SandboxError(f"IPython did not start ({type(error).__name__}: {error})") from error

    def run_cell(self, source: str, seconds: float, *, restore: bool) -> CellResult:
        """Run a cell; ``restore`` first undoes what a student's cells may have changed under an instructor's cell.

        A cell that takes longer than ``seconds`` is interrupted. The status is CRASHED from the cell on in which the
        process ended.
        """
        if self._child is None:
            return CellResult(CallStatus.CRASHED)
        status = CallStatus.RETURNED
        header = {"request": "run_cell", "source": source, "restore": restore}
        try:
            try:
                reply, payload = self._exchange(header, time.monotonic() + min(seconds, MAX_SECONDS))
            except TimeoutError:
                status = CallStatus.TIMED_OUT
                reply, payload = self._interrupt()
            self._count_received(payload)
            outputs = notebook_replies.decode_outputs(payload)
            return CellResult(status, outputs, notebook_replies.decode_count(reply.get("execution_count")))
        except (TimeoutError, *CRASHES):
            return CellResult(self._stop_after(CallStatus.CRASHED if status is CallStatus.RETURNED else status))

    def written_files(self) -> dict[str, bytes]:
        """Return what the cells wrote beside the notebook: regular files with plain relative names, as many as fit."""
        if self._child is None:
            return {}
        header = {"request": "written_files", "max_files": MAX_FILES, "max_bytes": MAX_FILE_BYTES}
        try:
            reply, payload = self._exchange(header, time.monotonic() + _START_SECONDS)
            return notebook_replies.decode_files(reply.get("files"), payload, MAX_FILES)
        except (TimeoutError, *CRASHES):
            self._stop()
            return {}

    def _exchange(self, header: dict[str, Any], deadline: float, payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Send a request with a token that its reply must repeat: a reply that was written beforehand has none."""
        assert self._child is not None
        self._token = secrets.token_hex(16)
        reply = self._child.exchange(wire.pack({**header, "token": self._token}, payload), deadline)
        return self._check_token(*reply)

    def _interrupt(self) -> tuple[dict[str, Any], bytes]:
        """Interrupt the running cell and return its reply."""
        assert self._child is not None
        self._child.interrupt()
        return self._check_token(*self._child.receive(time.monotonic() + _INTERRUPT_SECONDS))

    def _check_token(self, reply: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
        if reply.get("token") != self._token:
            raise wire.ProtocolError("a reply to another request")
        return reply, payload
