"""The judge's side of a notebook: its cells in one process of the student's, one after the other.

What comes back was written by that process, and is taken only in the form that a notebook's outputs have here: text and
PNG, of a size that can be kept.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any

from autograder.sandbox import host
from autograder.sandbox.child_process import ChildProcess
from autograder.sandbox.function_session import slow_modules
from autograder.sandbox.host import Sandbox, SandboxError
from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level
from autograder.sandbox.protocol import CallStatus, Limits

MAX_FILES, MAX_BYTES = 100, 16 << 20  # of what a notebook leaves beside it
MAX_OUTPUT_BYTES = 32 << 20  # of all its cells, which the judge keeps until it is done
DAY = 86_400.0
_SECONDS = 20.0  # for IPython to start, for the files to come back
_GRACE = 5.0  # seconds from an interrupt to the answer
_SHELL = (
    "IPython.core.interactiveshell",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.core.application",
    "unittest",
    "numpy.testing",
)
_PNG = b"\x89PNG\r\n\x1a\n"
_KEYS = {"stream": ("name", "text"), "error": ("ename", "evalue")}


@dataclass(frozen=True)
class CellResult:
    """What a cell put out, in a notebook's form, and its number."""

    status: CallStatus
    outputs: tuple[dict[str, Any], ...] = ()
    execution_count: int | None = None


class NotebookSession:
    """A notebook's process. Use it as a context manager; `SandboxError` says that our side failed."""

    def __init__(
        self, limits: Limits, text: str, files: Mapping[str, bytes], environment: Mapping[str, str], seconds: float
    ) -> None:
        """``text`` is that of all cells, which run for ``seconds`` at most altogether."""
        self._sandbox: Sandbox = host.default_sandbox()
        self.isolation = str(self._sandbox.require_level(Level(limits.isolation)))
        self._received = 0
        warm = [*_SHELL, *slow_modules(text)]
        self._child: ChildProcess | None = self._sandbox.start_process(limits.memory_mb, min(seconds, DAY), warm)
        header = {
            "do": "cells",
            "files": [(name, len(data)) for name, data in files.items()],
            "environment": dict(environment),
        }
        try:
            reply, _ = self._ask(header, time.monotonic() + _SECONDS, b"".join(files.values()))
            if "failed" in reply:
                raise OSError(str(reply["failed"])[:300])
        except (TimeoutError, EOFError, OSError, wire.ProtocolError) as error:
            self._stop()
            raise SandboxError(f"IPython did not start ({type(error).__name__}: {error})") from error

    def __enter__(self) -> NotebookSession:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    @property
    def alive(self) -> bool:
        """Whether cells can still be run."""
        return self._child is not None

    def run_cell(self, source: str, seconds: float, *, restore: bool) -> CellResult:
        """Run a cell; ``restore`` first puts right what a cell of the student's may have changed under it."""
        if self._child is None:
            return CellResult(CallStatus.CRASHED)
        status = CallStatus.RETURNED
        header = {"do": "cell", "source": source, "restore": restore}
        try:
            try:
                reply, payload = self._ask(header, time.monotonic() + min(seconds, DAY))
            except TimeoutError:
                status = CallStatus.TIMED_OUT
                self._child.interrupt()
                reply, payload = self._answer(time.monotonic() + _GRACE)
            self._received += len(payload)
            if self._received > MAX_OUTPUT_BYTES:
                raise wire.ProtocolError("more than a notebook may put out")
            count = reply.get("count")
            return CellResult(
                status, decode_outputs(payload), count if type(count) is int and 0 < count < 1_000_000 else None
            )
        except (TimeoutError, EOFError, BrokenPipeError, wire.ProtocolError):
            self._stop()
            if status is CallStatus.RETURNED and not self._sandbox.is_alive():
                raise SandboxError("the sandbox ended while the notebook ran") from None
            return CellResult(CallStatus.CRASHED if status is CallStatus.RETURNED else status)

    def written_files(self) -> dict[str, bytes]:
        """What the cells wrote beside the notebook: regular files with plain relative names."""
        if self._child is None:
            return {}
        header = {"do": "files", "files": MAX_FILES, "bytes": MAX_BYTES}
        try:
            reply, payload = self._ask(header, time.monotonic() + _SECONDS)
            return _files(reply.get("files"), payload)
        except (TimeoutError, EOFError, BrokenPipeError, wire.ProtocolError):
            self._stop()
            return {}

    def _ask(self, header: dict[str, Any], deadline: float, payload: bytes = b"") -> tuple[dict[str, Any], bytes]:
        assert self._child is not None
        self._token = secrets.token_hex(16)
        reply, data = self._child.exchange(wire.pack({**header, "token": self._token}, payload), deadline)
        return self._genuine(reply), data

    def _answer(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        assert self._child is not None
        reply, data = self._child.receive(deadline)
        return self._genuine(reply), data

    def _genuine(self, reply: dict[str, Any]) -> dict[str, Any]:
        if reply.get("token") != self._token:
            raise wire.ProtocolError("an answer to another request")
        return reply

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def decode_outputs(payload: bytes) -> tuple[dict[str, Any], ...]:
    """A cell's outputs, each rebuilt from what it may hold; `wire.BadFrame` where they are none."""
    outputs = wire.unpack(b'{"outputs": ' + payload + b"}").get("outputs")
    if not isinstance(outputs, list) or len(outputs) > 1000:
        raise wire.ProtocolError("outputs that are none")
    # JSON can hold half a character, and no file can.
    whole = json.loads(json.dumps(outputs, ensure_ascii=False).encode("utf-8", "replace"))
    return tuple(map(_output, whole))


def _output(raw: Any) -> dict[str, Any]:
    kind = raw.get("output_type") if isinstance(raw, dict) else None
    if kind in ("display_data", "execute_result") and isinstance(raw.get("data"), dict):
        data = {mime: text for mime, text in raw["data"].items() if mime in ("text/plain", "image/png")}
        picture = data.get("image/png")
        if not all(isinstance(text, str) for text in data.values()) or (picture and not _is_png(picture)):
            raise wire.ProtocolError("data that is neither text nor a picture")
        count = raw.get("execution_count")
        number = {"execution_count": count if type(count) is int else None} if kind == "execute_result" else {}
        return {"output_type": kind, "metadata": {}, "data": data, **number}
    if kind in _KEYS and all(isinstance(raw.get(key), str) for key in _KEYS[kind]):
        found = {"output_type": kind, **{key: raw[key] for key in _KEYS[kind]}}
        if kind == "stream" and raw["name"] in ("stdout", "stderr"):
            return found
        lines = raw.get("traceback")
        if kind == "error" and isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            return {**found, "traceback": lines}
    raise wire.ProtocolError("an output of no known kind")


def _is_png(text: str) -> bool:
    try:
        return base64.b64decode("".join(text.split()), validate=True).startswith(_PNG)
    except (binascii.Error, ValueError):
        return False


def _files(names: Any, data: bytes) -> dict[str, bytes]:
    if not isinstance(names, list) or len(names) > MAX_FILES:
        raise wire.ProtocolError("files that are none")
    found, start = {}, 0
    for entry in names:
        if not (isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str) and type(entry[1]) is int):
            raise wire.ProtocolError("a file that is none")
        name, size = entry
        if size < 0 or start + size > len(data) or not _plain(name):
            raise wire.ProtocolError("a file with another name or size than it may have")
        found[name] = data[start : start + size]
        start += size
    return found


def _plain(name: str) -> bool:
    path = PurePosixPath(name)
    parts_fit = all(part not in ("", "..") and len(part.encode("utf-8", "replace")) < 256 for part in path.parts)
    return name.isprintable() and len(name) < 500 and not path.is_absolute() and bool(path.parts) and parts_fit
