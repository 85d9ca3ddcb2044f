"""The base of function and notebook sessions: a student's process, and who is to blame when it dies."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from autograder.sandbox import host
from autograder.sandbox.child_process import ChildProcess
from autograder.sandbox.host import Sandbox, SandboxError
from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level
from autograder.sandbox.protocol import CallStatus, Limits
from autograder.sandbox.visible_files import modules_of_package

# Raised by a `ChildProcess` that died or that sent something malformed.
CRASHES = (EOFError, BrokenPipeError, wire.ProtocolError)
_SLOW_IMPORTS = ("matplotlib.pyplot", "IPython.display")


class Session:
    """A student's process for one submission, as a context manager that ends it.

    Raises `SandboxError` if the sandbox fails, or isolates less than ``limits.isolation`` asks for.
    """

    def __init__(self, limits: Limits, max_received_bytes: int, sandbox: Sandbox | None = None) -> None:
        self._limits = limits
        self._max_received_bytes = max_received_bytes
        self._received_bytes = 0
        self._sandbox = sandbox or host.default_sandbox(limits.packages)
        self._child: ChildProcess | None = None
        self.isolation = str(self._sandbox.require_level(Level(limits.isolation)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    def _start(self, cpu_seconds: float, text: str, preload: Sequence[str] = ()) -> ChildProcess:
        """Start a new process in place of the last one, for code that contains ``text``.

        Modules that are slow to import and that the text mentions are imported once for all processes.
        """
        self._stop()
        allowed = [module for package in self._limits.packages for module in modules_of_package(package)]
        preload = [*preload, *(name for name in (*_SLOW_IMPORTS, *allowed) if name.split(".")[0] in text)]
        self._child = self._sandbox.start_process(self._limits.memory_mb, cpu_seconds, preload)
        return self._child

    def _count_received(self, payload: bytes) -> None:
        """Raise `wire.ProtocolError` if the submission has sent more than the host is willing to keep."""
        self._received_bytes += len(payload)
        if self._received_bytes > self._max_received_bytes:
            raise wire.ProtocolError("more bytes than one submission may send")

    def _stop_after(self, failure: CallStatus) -> CallStatus:
        """End the process and return the failure; raise `SandboxError` if the sandbox crashed, not the submission."""
        self._stop()
        if failure is CallStatus.CRASHED and not self._sandbox.is_alive():
            raise SandboxError("the sandbox ended while the submission ran")
        return failure

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None
