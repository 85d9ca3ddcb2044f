"""Load a submission's sources in a student's process, and call the function that they define.

A call that loops or kills its process ends that process only: the next call loads the submission again in a new one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.sandbox import function_replies
from autograder.sandbox.host import Sandbox
from autograder.sandbox.inside import wire
from autograder.sandbox.protocol import CallStatus, Limits, LoadResult, Program, Reply
from autograder.sandbox.session import CRASHES, Session, modules_to_preload

# The host keeps all results of a submission until it is judged.
MAX_RECEIVED_BYTES = 64 << 20


class FunctionSession(Session):
    """The function of one submission. Use it as a context manager."""

    def __init__(self, program: Program, limits: Limits, sandbox: Sandbox | None = None) -> None:
        super().__init__(limits, MAX_RECEIVED_BYTES, sandbox)
        self._program = program
        self._source_names = frozenset(name for name, _ in program.sources)
        self._final_deadline = time.monotonic() + limits.total_seconds
        self._calls = 0

    def load(self) -> LoadResult:
        """Run the sources in a new process."""
        text = "\n".join(source for _, source in self._program.sources)
        self._start(self._limits.total_seconds, modules_to_preload(text))
        header = {
            "request": "load",
            "sources": self._program.sources,
            "function": self._program.function,
            "helpers": self._program.helpers,
        }
        status, reply, _ = self._exchange(wire.pack(header))
        if status is not CallStatus.RETURNED:
            return LoadResult(status)
        return function_replies.decode_load_result(reply, self._source_names)

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function once; if the last call ended its process, load the sources again first."""
        if self._child is None:
            loaded = self.load()
            if loaded.status is not CallStatus.RETURNED:
                return Reply(loaded.status)
        self._calls += 1
        form, payload = wire.encode((*args, *kwargs.values()))
        header = {"request": "call", "call": self._calls, "arguments": form, "keywords": list(kwargs)}
        status, reply, reply_payload = self._exchange(wire.pack(header, payload))
        if status is not CallStatus.RETURNED:
            return Reply(status)
        try:
            return function_replies.decode_reply(reply, reply_payload, self._calls, self._source_names)
        except wire.ProtocolError:
            self._stop()
            return Reply(CallStatus.CRASHED)

    def _exchange(self, message: bytes) -> tuple[CallStatus, dict[str, Any], bytes]:
        now = time.monotonic()
        if now >= self._final_deadline:
            return CallStatus.OUT_OF_TIME, {}, b""
        deadline = min(now + self._limits.seconds, self._final_deadline)
        assert self._child is not None
        try:
            header, payload = self._child.exchange(message, deadline)
            self._count_received(payload)
            return CallStatus.RETURNED, header, payload
        except TimeoutError:
            failure = CallStatus.OUT_OF_TIME if deadline == self._final_deadline else CallStatus.TIMED_OUT
        except CRASHES:
            failure = CallStatus.CRASHED
        return self._stop_after(failure), {}, b""
