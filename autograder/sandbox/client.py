"""The judge's side of the sandbox: one student's code in a process of its own, with deadlines kept out here.

A `Session` loads a submission and asks it for answers. A call that loops or kills its process ends that process only;
the next call finds the submission loaded again in a fresh one.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.sandbox import wire

ISOLATION = "process"
_CHILD = Path(__file__).with_name("child.py")
_BOOT_SECONDS = 60.0
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


@dataclass(frozen=True)
class Limits:
    """What one submission may use. ``seconds`` holds for loading and for each call, ``total_seconds`` for all of it."""

    seconds: float = 5.0
    total_seconds: float = 60.0
    memory_mb: int = 2048


@dataclass(frozen=True)
class Program:
    """What to load: named sources that run in order in one namespace, and the function to find there afterwards.

    ``helpers`` are modules of the course that can be imported and do nothing.
    """

    sources: tuple[tuple[str, str], ...]
    function: str
    helpers: tuple[str, ...] = ()


class Ending(StrEnum):
    """How a request ended."""

    RETURNED = "returned"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    OUT_OF_TIME = "out_of_time"  # the submission's total is used up: nothing was asked


@dataclass(frozen=True)
class Problem:
    """An exception of the student's: its built-in kind, its text and where it was raised."""

    error: str
    text: str = ""
    where: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What loading left behind."""

    ending: Ending
    found: bool = False
    callable: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reply:
    """The answer to one call: the result, and the arguments as they were after the call."""

    ending: Ending
    result: Any = None
    after: tuple[Any, ...] = ()
    problem: Problem | None = None


class SandboxError(Exception):
    """Our side failed: no verdict may be given."""


class Session:
    """One submission in its process. Use it as a context manager."""

    def __init__(self, program: Program, limits: Limits) -> None:
        self._program = program
        self._limits = limits
        self._ends = time.monotonic() + limits.total_seconds
        self._child: _Child | None = None
        self._calls = 0
        self._folder = tempfile.mkdtemp(prefix="autograder-")

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def load(self) -> Loaded:
        """Run the sources in a fresh process."""
        self._stop()
        self._child = _Child(self._folder, self._limits.memory_mb)
        header = {
            "do": "load",
            "sources": self._program.sources,
            "function": self._program.function,
            "helpers": self._program.helpers,
        }
        ending, reply, _ = self._exchange(wire.pack(header))
        if ending is not Ending.RETURNED:
            return Loaded(ending)
        problems = reply.get("problems")
        return Loaded(
            ending,
            found=reply.get("found") is True,
            callable=reply.get("callable") is True,
            problems=tuple(map(_problem, problems)) if isinstance(problems, list) else (),
        )

    def ask(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Reply:
        """Call the student's function once; load it again first where the last call ended its process."""
        if self._child is None:
            loaded = self.load()
            if loaded.ending is not Ending.RETURNED:
                return Reply(loaded.ending)
        self._calls += 1
        form, blob = wire.encode((*args, *kwargs.values()))
        header = {"do": "call", "call": self._calls, "args": form, "names": list(kwargs)}
        ending, reply, payload = self._exchange(wire.pack(header, blob))
        if ending is not Ending.RETURNED:
            return Reply(ending)
        try:
            return _read_reply(reply, payload, self._calls)
        except wire.BadFrame:
            self._stop()
            return Reply(Ending.CRASHED)

    def _exchange(self, message: bytes) -> tuple[Ending, dict[str, Any], bytes]:
        now = time.monotonic()
        deadline = min(now + self._limits.seconds, self._ends)
        if now >= self._ends:
            return Ending.OUT_OF_TIME, {}, b""
        assert self._child is not None
        try:
            header, payload = self._child.exchange(message, deadline)
            return Ending.RETURNED, header, payload
        except TimeoutError:
            ending = Ending.OUT_OF_TIME if deadline == self._ends else Ending.TIMED_OUT
        except (EOFError, BrokenPipeError, wire.BadFrame):
            ending = Ending.CRASHED
        self._stop()
        return ending, {}, b""

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


class _Child:
    """A running child process and the two pipes to it."""

    def __init__(self, folder: str, memory_mb: int) -> None:
        its_requests, self._requests = os.pipe()
        self._replies, its_replies = os.pipe()
        command = [sys.executable, "-I", str(_CHILD), str(its_requests), str(its_replies), str(memory_mb)]
        try:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**_ENVIRONMENT, "HOME": folder, "TMPDIR": folder},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(its_requests, its_replies),
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._requests)
            os.close(self._replies)
            raise SandboxError(f"the sandbox's process did not start: {error.strerror}") from error
        finally:
            os.close(its_requests)
            os.close(its_replies)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        try:
            self.exchange(b"", time.monotonic() + _BOOT_SECONDS)
        except (TimeoutError, EOFError, wire.BadFrame) as error:
            self.stop()
            raise SandboxError("the sandbox's process ended before it was ready") from error

    def exchange(self, message: bytes, deadline: float) -> tuple[dict[str, Any], bytes]:
        """Write a message and read the next one; `TimeoutError` at the deadline, `EOFError` when the child is gone."""
        view = memoryview(message)
        while view:
            self._wait([], [self._requests], deadline)
            view = view[os.write(self._requests, view) :]
        head_size, size = wire.lengths(self._read(wire.LENGTHS.size, deadline))
        return wire.unpack(self._read(head_size, deadline)), self._read(size, deadline)

    def stop(self) -> None:
        """Kill the child and everything in its process group."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        os.close(self._requests)
        os.close(self._replies)

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait([self._replies], [], deadline)
            piece = os.read(self._replies, min(size - len(data), 1 << 16))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    @staticmethod
    def _wait(readable: list[int], writable: list[int], deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not any(select.select(readable, writable, [], left)):
            raise TimeoutError


def _read_reply(reply: dict[str, Any], payload: bytes, call: int) -> Reply:
    if reply.get("call") != call:
        raise wire.BadFrame("an answer to another call")
    if reply.get("ended") == "raised":
        return Reply(Ending.RAISED, problem=_problem(reply))
    split, after = reply.get("split"), reply.get("after")
    if reply.get("ended") != "returned" or type(split) is not int or not 0 <= split <= len(payload):
        raise wire.BadFrame("neither a result nor an exception")
    arguments = wire.decode(after, payload[split:])
    if not isinstance(arguments, tuple):
        raise wire.BadFrame("arguments that are no tuple")
    return Reply(Ending.RETURNED, wire.decode(reply.get("result"), payload[:split]), arguments)


def _problem(raw: Any) -> Problem:
    fields = raw if isinstance(raw, dict) else {}
    line = fields.get("line")
    words = {
        name: "".join(c for c in str(fields.get(name, "")) if c.isprintable())[:300]
        for name in ("error", "text", "where")
    }
    return Problem(words["error"] or "Exception", words["text"], words["where"], line if type(line) is int else None)
