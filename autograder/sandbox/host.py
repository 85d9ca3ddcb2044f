"""The judge's end of a zygote: start it at the best level there is, have it fork children, know whether it lives."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox import isolation
from autograder.sandbox.child_process import ChildProcess, remove
from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level

_SECONDS = 20.0  # for starting a zygote, a child
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class SandboxError(Exception):
    """Our side failed: no verdict may be given."""


class Sandbox:
    """One zygote, started when it is first needed. Its level is found then, and never becomes a weaker one."""

    def __init__(self, allowed: Sequence[Level] = tuple(Level)) -> None:
        self._allowed = tuple(allowed)
        self._fork_server: _ForkServer | None = None
        self._lock = threading.Lock()
        self.unavailable_reasons: dict[Level, str] = {}  # why a better level could not be had

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> Level:
        """The level that student code runs at; starts the zygote."""
        with self._lock:
            return self._running().level

    def require_level(self, minimum: Level) -> Level:
        """Return the level if it is `minimum` or stronger; otherwise raise `SandboxError` with what to do about it."""
        if list(Level).index(self.level) > list(Level).index(minimum):
            reason = self.unavailable_reasons.get(minimum, "this run was started without it")
            raise SandboxError(
                f"isolation level '{minimum}' is required, but only '{self.level}' is available here ({reason}). "
                f"{isolation.HOW_TO_ENABLE[minimum]}"
            )
        return self.level

    def start_process(self, memory_mb: int, seconds: float, warm: Sequence[str] = ()) -> ChildProcess:
        """A fresh process for one submission, at our level; `SandboxError` where none can be had.

        The modules in ``warm`` are loaded first, where that was not done before, and for all that come later.
        """
        with self._lock:
            zygote = self._running()
            try:
                return zygote.fork(memory_mb, seconds, warm)
            except BaseException as error:  # an interrupt, too, leaves a zygote of whom nobody knows what it will say
                self._stop()
                if not isinstance(error, OSError | EOFError | wire.ProtocolError):
                    raise
                raise SandboxError(f"the sandbox could not start a process for the submission ({error})") from error

    def is_alive(self) -> bool:
        """Whether the zygote answers: where a child is gone, this says whose fault it can have been."""
        with self._lock:
            if self._fork_server is None:
                return False
            try:
                self._fork_server.ask({})
                return True
            except BaseException as error:
                self._stop()
                if not isinstance(error, OSError | EOFError):
                    raise
                return False

    def close(self) -> None:
        """End the zygote and everything that it started."""
        with self._lock:
            self._stop()

    def _running(self) -> _ForkServer:
        for level in self._allowed if self._fork_server is None else ():
            try:
                self._fork_server = _ForkServer(level)
                self._fork_server.fork(256, 1.0).stop()
            except (OSError, EOFError, wire.ProtocolError) as error:
                self._stop()
                self.unavailable_reasons[level] = str(error)
                continue
            self._allowed = (level,)
            break
        if self._fork_server is None:
            reasons = "; ".join(f"{level}: {self.unavailable_reasons[level]}" for level in self._allowed)
            raise SandboxError(f"the sandbox did not start ({reasons})")
        return self._fork_server

    def _stop(self) -> None:
        if self._fork_server is not None:
            self._fork_server.close()
            self._fork_server = None


class _ForkServer:
    """A running zygote. `OSError` and `EOFError` say that it does not start, or is gone."""

    def __init__(self, level: Level) -> None:
        self.level = level
        other = isolation.user() if level is Level.RESTRICTED else None
        self._owner = other if isolation.reachable() else None
        self._folder = None if level is Level.FULL else _folder(other)
        self._process: subprocess.Popen[bytes] | None = None
        self._control, theirs = socket.socketpair()
        self._control.settimeout(_SECONDS)
        try:
            with theirs:
                self._process = self._start(theirs.fileno())
            self._reply()
        except BaseException as error:
            words = self.close()
            raise OSError(words or str(error)) if isinstance(error, OSError | EOFError) else error from error

    def _start(self, control: int) -> subprocess.Popen[bytes]:
        packages = f"{self._folder or ''}/packages"
        config = {
            "level": self.level,
            "packages": packages,
            "readable": isolation.may_read(self.level, packages),
            "user": isolation.user(),
            "reachable": isolation.reachable(),
            "folder": self._folder,
        }
        return subprocess.Popen(
            [*isolation.fork_server_command(self.level, packages), json.dumps(config), str(control)],
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(control,),
            start_new_session=True,
        )

    def ask(self, request: dict[str, object], descriptors: Sequence[int] = ()) -> tuple[dict[str, int], list[int]]:
        """Send a request with descriptors; the answer and the descriptors that come with it."""
        socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        return self._reply()

    def fork(self, memory_mb: int, seconds: float, warm: Sequence[str] = ()) -> ChildProcess:
        """A child that is confined and ready."""
        folder = "/tmp" if self._folder is None else tempfile.mkdtemp(prefix="run-", dir=self._folder)
        if self._owner is not None:
            os.chown(folder, self._owner, self._owner)
        request = {"folder": folder, "memory_mb": memory_mb, "seconds": seconds, "warm": list(warm)}
        its_requests, requests = os.pipe()
        replies, its_replies = os.pipe()
        try:
            reply, pidfds = self.ask(request, (its_requests, its_replies))
        except BaseException:
            os.close(requests)
            os.close(replies)
            raise
        finally:
            os.close(its_requests)
            os.close(its_replies)
        mine = (requests, replies)
        pidfd, own = pidfds[0] if pidfds else None, folder if self._folder else None
        child = ChildProcess(reply["pid"], pidfd, *mine, own, group=self.level is Level.PROCESS)
        for descriptor in mine:
            os.set_blocking(descriptor, False)
        try:
            ready, _ = child.exchange(b"", time.monotonic() + _SECONDS)
            if "ready" not in ready:
                raise OSError(str(ready.get("failed")))
        except BaseException:
            child.stop()
            raise
        return child

    def close(self) -> str:
        """End the zygote: its socket is closed, so it ends, and its children with it. What it complained of."""
        self._control.close()
        words = b""
        if self._process is not None:
            assert self._process.stderr is not None
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            os.set_blocking(self._process.stderr.fileno(), False)
            with self._process.stderr as stderr:
                words = stderr.read() or b""
        if self._folder is not None:
            remove(self._folder)
        return words.decode(errors="replace").strip()[-300:]

    def _reply(self) -> tuple[dict[str, int], list[int]]:
        data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        if not data:
            raise EOFError("the zygote ended")
        return json.loads(data), list(descriptors)


def _folder(owner: int | None) -> str:
    """A folder for a zygote and its children, with a link to each package that they may import."""
    folder = tempfile.mkdtemp(prefix="autograder-")
    os.chmod(folder, 0o711)
    packages = Path(folder, "packages")
    packages.mkdir()
    packages.chmod(0o755)
    for name, path in isolation.importable().items():
        (packages / name).symlink_to(path)
    settings = Path(folder, "settings")
    settings.mkdir()
    if owner is not None:
        os.chown(settings, owner, owner)
    return folder


_default: tuple[int, Sandbox] | None = None


def default_sandbox() -> Sandbox:
    """The sandbox of this run: one for each process of ours, closed when it ends."""
    global _default
    if _default is None or _default[0] != os.getpid():
        _default = (os.getpid(), Sandbox())
        atexit.register(_default[1].close)
    return _default[1]
