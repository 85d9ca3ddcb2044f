"""The judge's side of the sandbox: one student's code in a process of its own, with deadlines kept out here.

A `Session` loads a submission and asks it for answers. A call that loops or kills its process ends that process only;
the next call finds the submission loaded again in a fresh one.
"""

from __future__ import annotations

import builtins
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from autograder.sandbox import host
from autograder.sandbox.child_process import ChildProcess
from autograder.sandbox.host import Sandbox, SandboxError
from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level
from autograder.sandbox.protocol import CallStatus, Limits, LoadResult, Program, Reply, StudentError

MAX_RECEIVED = 64 << 20  # bytes of all answers of one submission, which the judge keeps until it is done
MAX_PROBLEMS = 20
_ERRORS = {name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)}
_SLOW = ("matplotlib.pyplot", "IPython.display")


class FunctionSession:
    """One submission in its process. Use it as a context manager.

    `SandboxError` says that our side failed, or gives less isolation than the limits ask for.
    """

    def __init__(self, program: Program, limits: Limits, sandbox: Sandbox | None = None) -> None:
        self._program = program
        self._limits = limits
        self._sandbox = sandbox or host.default_sandbox()
        self.isolation = self._sandbox.require_level(Level(limits.isolation))
        self._ends = time.monotonic() + limits.total_seconds
        self._child: ChildProcess | None = None
        self._calls = 0
        self._received = 0

    def __enter__(self) -> FunctionSession:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    def load(self) -> LoadResult:
        """Run the sources in a fresh process."""
        self._stop()
        limits = self._limits
        text = "\n".join(source for _, source in self._program.sources)
        self._child = self._sandbox.start_process(limits.memory_mb, limits.total_seconds, slow_modules(text))
        header = {
            "do": "load",
            "sources": self._program.sources,
            "function": self._program.function,
            "helpers": self._program.helpers,
        }
        status, reply, _ = self._exchange(wire.pack(header))
        if status is not CallStatus.RETURNED:
            return LoadResult(status)
        problems = reply.get("problems")
        return LoadResult(
            status,
            defined=reply.get("found") is True,
            callable=reply.get("callable") is True,
            errors=tuple(self._problem(raw) for raw in problems[:MAX_PROBLEMS]) if isinstance(problems, list) else (),
        )

    def call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function once; load it again first where the last call ended its process."""
        if self._child is None:
            loaded = self.load()
            if loaded.status is not CallStatus.RETURNED:
                return Reply(loaded.status)
        self._calls += 1
        form, blob = wire.encode((*args, *kwargs.values()))
        header = {"do": "call", "call": self._calls, "args": form, "names": list(kwargs)}
        status, reply, payload = self._exchange(wire.pack(header, blob))
        if status is not CallStatus.RETURNED:
            return Reply(status)
        try:
            return self._read(reply, payload)
        except wire.ProtocolError:
            self._stop()
            return Reply(CallStatus.CRASHED)

    def _exchange(self, message: bytes) -> tuple[CallStatus, dict[str, Any], bytes]:
        now = time.monotonic()
        deadline = min(now + self._limits.seconds, self._ends)
        if now >= self._ends:
            return CallStatus.OUT_OF_TIME, {}, b""
        assert self._child is not None
        try:
            header, payload = self._child.exchange(message, deadline)
            self._received += len(payload)
            if self._received > MAX_RECEIVED:
                raise wire.ProtocolError("more than all right answers together")
            return CallStatus.RETURNED, header, payload
        except TimeoutError:
            status = CallStatus.OUT_OF_TIME if deadline == self._ends else CallStatus.TIMED_OUT
        except (EOFError, BrokenPipeError, wire.ProtocolError):
            status = CallStatus.CRASHED
        self._stop()
        if status is CallStatus.CRASHED and not self._sandbox.is_alive():
            raise SandboxError("the sandbox ended while the submission ran")
        return status, {}, b""

    def _read(self, reply: dict[str, Any], payload: bytes) -> Reply:
        if reply.get("call") != self._calls:
            raise wire.ProtocolError("an answer to another call")
        if reply.get("ended") == "raised":
            return Reply(CallStatus.RAISED, error=self._problem(reply))
        split, after = reply.get("split"), reply.get("after")
        if reply.get("ended") != "returned" or type(split) is not int or not 0 <= split <= len(payload):
            raise wire.ProtocolError("neither a result nor an exception")
        arguments = wire.decode(after, payload[split:])
        if not isinstance(arguments, tuple):
            raise wire.ProtocolError("arguments that are no tuple")
        return Reply(CallStatus.RETURNED, _harmless(wire.decode(reply.get("result"), payload[:split])), arguments)

    def _problem(self, raw: Any) -> StudentError:
        """An exception as it may be told: only a built-in name is a name, and only a cell of ours is a place."""
        fields = raw if isinstance(raw, dict) else {}
        error, text, where = (_printable(fields.get(name)) for name in ("error", "text", "where"))
        line = fields.get("line")
        return StudentError(
            error if error in _ERRORS else "Exception",
            text,
            where if where in dict(self._program.sources) else "",
            line if type(line) is int and 0 < line < 1_000_000 else None,
        )

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def slow_modules(text: str) -> list[str]:
    """The modules that are worth loading beforehand, because a submission speaks of them."""
    return [module for module in _SLOW if module.split(".")[0] in text]


def _harmless(value: Any) -> Any:
    """The same result, fit to be shown: no text and no huge number is a right answer, so one may be cut."""
    if isinstance(value, tuple):
        return tuple(map(_harmless, value))
    if isinstance(value, str):
        return _printable(value)
    return wire.OpaqueValue("int") if isinstance(value, int) and value.bit_length() > 64 else value


def _printable(text: Any) -> str:
    """Of a text at most 300 characters, and none that a terminal takes for a command."""
    if not isinstance(text, str):
        return ""
    return "".join(c for c in text[:1000] if c.isprintable())[:300]
