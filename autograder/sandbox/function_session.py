"""Load a submission's sources in a student's process, and call the function that they define.

A source that loops or kills its process is skipped: the others are loaded again in a new process. A call that does so
ends that process only: the next call loads the submission again in a new one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.sandbox import function_replies
from autograder.sandbox.host import Sandbox
from autograder.sandbox.inside import wire
from autograder.sandbox.protocol import CallStatus, Limits, LoadResult, Program, Reply, SkippedSource, SourceResult
from autograder.sandbox.session import CRASHES, Session

# The host keeps all results of a submission until it is judged.
MAX_RECEIVED_BYTES = 64 << 20
MAX_SKIPPED_SOURCES = 3
# After the first call that times out, a call gets this long, or this many times as long as the slowest that returned.
SECONDS_AFTER_TIMEOUT = 0.5
SLOWEST_CALL_FACTOR = 50


class FunctionSession(Session):
    """The function of one submission. Use it as a context manager."""

    def __init__(self, program: Program, limits: Limits, sandbox: Sandbox | None = None) -> None:
        super().__init__(limits, MAX_RECEIVED_BYTES, sandbox)
        self._program = program
        self._source_names = frozenset(name for name, _ in program.sources)
        self._skipped: tuple[SkippedSource, ...] = ()
        self._final_deadline = time.monotonic() + limits.total_seconds
        self._calls = 0
        self._slowest_call = 0.0
        self._call_seconds = limits.seconds

    def load(self) -> LoadResult:
        """Run the sources in a new process, without those that loop or end it."""
        while True:
            result = self._load_once()
            if result.status not in (CallStatus.TIMED_OUT, CallStatus.CRASHED):
                return result
            if len(self._skipped) == MAX_SKIPPED_SOURCES:
                return result
            self._skipped = result.skipped

    def _load_once(self) -> LoadResult:
        """Run the sources in a new process, up to one that loops or ends it."""
        program = self._program
        texts = [*(text for _, text in program.sources), *program.files.values()]
        self._start(self._limits.total_seconds, "\n".join(texts))
        header = {
            "request": "load",
            "function": program.function,
            "helpers": program.helpers,
            "files": dict(program.files),
            "replaceable": sorted(program.replaceable),
        }
        status, reply, _ = self._exchange(wire.pack(header), self._limits.seconds)
        results: list[SourceResult] = []
        skipped = {source.name for source in self._skipped}
        for name, text in program.sources:
            if name in skipped:
                continue
            if status is CallStatus.RETURNED:
                status, result, reply = self._run_source(name, text)
            if status is not CallStatus.RETURNED:
                return LoadResult(status, tuple(results), (*self._skipped, SkippedSource(name, status)))
            results.append(result)
        missing = function_replies.decode_missing(reply, program.replaceable)
        return LoadResult(status, tuple(results), self._skipped, missing)

    def _run_source(self, name: str, text: str) -> tuple[CallStatus, SourceResult, dict[str, Any]]:
        message = wire.pack({"request": "run", "source_name": name, "text": text})
        status, reply, _ = self._exchange(message, self._limits.seconds)
        if status is not CallStatus.RETURNED:
            return status, SourceResult(name), reply
        try:
            return status, function_replies.decode_source_result(reply, name), reply
        except wire.ProtocolError:
            return self._stop_after(CallStatus.CRASHED), SourceResult(name), reply

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function once; if the last call ended its process, load the sources again first."""
        if self._child is None:
            loaded = self.load()
            if loaded.status is not CallStatus.RETURNED:
                return Reply(loaded.status)
        self._calls += 1
        form, payload = wire.encode((*args, *kwargs.values()))
        header = {"request": "call", "call": self._calls, "arguments": form, "keywords": list(kwargs)}
        started = time.monotonic()
        status, reply, reply_payload = self._exchange(wire.pack(header, payload), self._call_seconds)
        if status is CallStatus.TIMED_OUT:
            shorter = max(SECONDS_AFTER_TIMEOUT, SLOWEST_CALL_FACTOR * self._slowest_call)
            self._call_seconds = min(self._limits.seconds, shorter)
        if status is not CallStatus.RETURNED:
            return Reply(status)
        self._slowest_call = max(self._slowest_call, time.monotonic() - started)
        try:
            return function_replies.decode_reply(reply, reply_payload, self._calls, self._source_names)
        except wire.ProtocolError:
            self._stop()
            return Reply(CallStatus.CRASHED)

    def _exchange(self, message: bytes, seconds: float) -> tuple[CallStatus, dict[str, Any], bytes]:
        now = time.monotonic()
        if now >= self._final_deadline:
            return CallStatus.OUT_OF_TIME, {}, b""
        deadline = min(now + seconds, self._final_deadline)
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
