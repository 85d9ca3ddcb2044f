"""The host's handle on a fork server: start it at a level, let it fork students' processes, end it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from autograder.sandbox import isolation, visible_files
from autograder.sandbox.child_process import ChildProcess, remove_folder
from autograder.sandbox.isolation import Level

_START_SECONDS = 20.0  # for a fork server to start, and for each of its answers
_STOP_SECONDS = 2.0
_MAX_COMPLAINT = 300  # characters of what it wrote to stderr
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class ForkServerProcess:
    """A running fork server. Its methods raise `OSError` or `EOFError` if it does not start or is gone."""

    def __init__(self, level: Level, packages: tuple[str, ...] = ()) -> None:
        self.level, self._packages = level, packages
        self._folder: str | None = None
        self._folder_owner: int | None = None
        if level is not Level.FULL:
            student_uid = isolation.student_uid() if level is Level.RESTRICTED else None
            self._folder = _make_folder(student_uid, packages)
            self._folder_owner = student_uid if visible_files.other_accounts_can_read(packages) else None
        self._process: subprocess.Popen[bytes] | None = None
        self._control, server_end = socket.socketpair()
        self._control.settimeout(_START_SECONDS)
        try:
            with server_end:
                self._process = self._start(server_end.fileno())
            self._receive()
        except BaseException as error:
            complaint = self.close()
            if isinstance(error, OSError | EOFError):
                raise OSError(complaint or str(error)) from error
            raise

    def fork(self, memory_mb: int, seconds: float, preload: Sequence[str] = ()) -> ChildProcess:
        """Return a new process that is confined and ready for requests.

        Raises `wire.ProtocolError` if what it says first is malformed.
        """
        folder = "/tmp" if self._folder is None else tempfile.mkdtemp(prefix="run-", dir=self._folder)
        if self._folder_owner is not None:
            os.chown(folder, self._folder_owner, self._folder_owner)
        request = {"folder": folder, "memory_mb": memory_mb, "seconds": seconds, "preload": list(preload)}
        child_requests, requests = os.pipe()
        replies, child_replies = os.pipe()
        try:
            reply, pidfds = self.ask(request, (child_requests, child_replies))
        except BaseException:
            os.close(requests)
            os.close(replies)
            raise
        finally:
            os.close(child_requests)
            os.close(child_replies)
        child = ChildProcess(
            reply["pid"],
            pidfds[0] if pidfds else None,
            requests,
            replies,
            folder if self._folder else None,
            has_group=self.level is Level.PROCESS,
        )
        for descriptor in (requests, replies):
            os.set_blocking(descriptor, False)
        try:
            greeting, _ = child.exchange(b"", time.monotonic() + _START_SECONDS)
            if "ready" not in greeting:
                raise OSError(str(greeting.get("failed")))
        except BaseException:
            child.stop()
            raise
        return child

    def ask(self, request: dict[str, object], descriptors: Sequence[int] = ()) -> tuple[dict[str, int], list[int]]:
        """Send a request with descriptors; return the reply and the descriptors that came with it."""
        socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        return self._receive()

    def close(self) -> str:
        """End the fork server and its processes; return the end of what it wrote to stderr."""
        # The fork server ends when its socket is closed, and its processes die with it.
        self._control.close()
        complaint = b""
        if self._process is not None:
            assert self._process.stderr is not None
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            os.set_blocking(self._process.stderr.fileno(), False)
            with self._process.stderr as stderr:
                complaint = stderr.read() or b""
        if self._folder is not None:
            remove_folder(self._folder)
        return complaint.decode(errors="replace").strip()[-_MAX_COMPLAINT:]

    def _start(self, control: int) -> subprocess.Popen[bytes]:
        packages_folder = f"{self._folder or ''}/packages"
        config = {
            "level": self.level,
            "packages_folder": packages_folder,
            "readable_paths": isolation.landlock_readable_paths(self.level, packages_folder, self._packages),
            "student_uid": isolation.student_uid(),
            "others_can_read": visible_files.other_accounts_can_read(self._packages),
            "folder": self._folder,
        }
        command = isolation.fork_server_command(self.level, packages_folder, self._packages)
        return subprocess.Popen(
            [*command, json.dumps(config), str(control)],
            cwd="/",
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(control,),
            start_new_session=True,
        )

    def _receive(self) -> tuple[dict[str, int], list[int]]:
        data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
        if not data:
            raise EOFError("the fork server ended")
        return json.loads(data), list(descriptors)


def _make_folder(owner: int | None, allowed: tuple[str, ...]) -> str:
    """Create a fork server's temporary folder, with a link to each package that cells may import."""
    folder = tempfile.mkdtemp(prefix="autograder-")
    os.chmod(folder, 0o711)
    packages = Path(folder, "packages")
    packages.mkdir()
    packages.chmod(0o755)
    for name, path in visible_files.importable_packages(allowed).items():
        (packages / name).symlink_to(path)
    settings = Path(folder, "settings")
    settings.mkdir()
    if owner is not None:
        os.chown(settings, owner, owner)
    return folder
