"""The sandbox of a run: one fork server at the strongest level that the machine supports, restarted when it fails."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Sequence

from autograder.sandbox import isolation
from autograder.sandbox.child_process import ChildProcess
from autograder.sandbox.fork_server_process import ForkServerProcess
from autograder.sandbox.inside import wire
from autograder.sandbox.isolation import Level

# What a trial process gets, which only shows that a level works.
_TRIAL_MEMORY_MB, _TRIAL_SECONDS = 256, 1.0


class SandboxError(Exception):
    """Raised if the sandbox itself fails or is weaker than required, which is not the submission's fault."""


class Sandbox:
    """Starts processes for submissions. Its fork server starts on first use; from then on its level stays the same.

    Use it as a context manager, or call `close`. ``packages`` are those that cells may import besides numpy, matplotlib
    and IPython. ``unavailable_reasons`` says why each stronger level does not work.
    """

    def __init__(self, allowed_levels: Sequence[Level] = tuple(Level), packages: Sequence[str] = ()) -> None:
        self.packages = tuple(packages)
        self.unavailable_reasons: dict[Level, str] = {}
        self._allowed_levels = tuple(allowed_levels)
        self._fork_server: ForkServerProcess | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def level(self) -> Level:
        """The level that student code runs at; starts the fork server, and raises `SandboxError` if none starts."""
        with self._lock:
            return self._running_fork_server().level

    def require_level(self, minimum: Level) -> Level:
        """Return the level if it is `minimum` or stronger; otherwise raise `SandboxError` with what to do about it."""
        if list(Level).index(self.level) > list(Level).index(minimum):
            reason = self.unavailable_reasons.get(minimum, "this run was started without it")
            raise SandboxError(
                f"isolation level '{minimum}' is required, but only '{self.level}' is available here ({reason}). "
                f"{isolation.HOW_TO_ENABLE[minimum]}"
            )
        return self.level

    def start_process(self, memory_mb: int, cpu_seconds: float, preload: Sequence[str] = ()) -> ChildProcess:
        """Start a new process for one submission; raise `SandboxError` if that fails.

        The fork server first imports the modules of ``preload`` that it has not imported yet, once for all later
        processes.
        """
        with self._lock:
            fork_server = self._running_fork_server()
            try:
                return fork_server.fork(memory_mb, cpu_seconds, preload)
            except BaseException as error:
                # Even Ctrl-C can leave an unread reply in the socket, so this fork server must not be used again.
                self._stop()
                if not isinstance(error, OSError | EOFError | wire.ProtocolError):
                    raise
                raise SandboxError(f"the sandbox could not start a process for the submission ({error})") from error

    def is_alive(self) -> bool:
        """Whether the fork server answers. If a process died and this is False, its submission is not to blame."""
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
        """End the fork server and all its processes."""
        with self._lock:
            self._stop()

    def _running_fork_server(self) -> ForkServerProcess:
        if self._fork_server is not None:
            return self._fork_server
        for level in self._allowed_levels:
            try:
                self._fork_server = ForkServerProcess(level, self.packages)
                self._fork_server.fork(_TRIAL_MEMORY_MB, _TRIAL_SECONDS).stop()
            except (OSError, EOFError, wire.ProtocolError) as error:
                self._stop()
                self.unavailable_reasons[level] = str(error)
            else:
                # A restart in the middle of a run must not continue at a weaker level.
                self._allowed_levels = (level,)
                return self._fork_server
        reasons = "; ".join(f"{level}: {self.unavailable_reasons[level]}" for level in self._allowed_levels)
        raise SandboxError(f"the sandbox did not start ({reasons}). See what is missing: autograder doctor")

    def _stop(self) -> None:
        if self._fork_server is not None:
            self._fork_server.close()
            self._fork_server = None


_default: tuple[int, Sandbox] | None = None


def default_sandbox(packages: Sequence[str] | None = None) -> Sandbox:
    """Return the sandbox of this run, which is closed at exit. A fork of this process gets another one.

    If cells may import other ``packages`` than in the present one, it is closed, and another one takes its place.
    """
    global _default
    is_own = _default is not None and _default[0] == os.getpid()
    if _default is not None and is_own:
        sandbox = _default[1]
        if packages is None or sandbox.packages == tuple(packages):
            return sandbox
        sandbox.close()
    _default = (os.getpid(), Sandbox(packages=packages or ()))
    atexit.register(_default[1].close)
    return _default[1]
