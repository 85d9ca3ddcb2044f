"""The judge's end of a student's process: its two pipes, its folder, and how it is brought to an end."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import subprocess
import time

from autograder.sandbox.inside import wire

_SECONDS = 20.0  # for a killed process to be gone
_LOOK = 0.1  # seconds between two looks at what a child has written where it has no file system of its own
_MOST_BYTES, _MOST_FILES = 64 << 20, 1024  # as many bytes as that file system would hold


class ChildProcess:
    """A student's process and the two pipes to it; its folder and its group, where it has them."""

    def __init__(
        self, pid: int, pidfd: int | None, requests: int, replies: int, folder: str | None, *, group: bool = False
    ) -> None:
        self._pid, self._pidfd, self._folder, self._group = pid, pidfd, folder, group
        self._requests, self._replies = requests, replies

    def exchange(self, message: bytes, deadline: float) -> tuple[dict[str, object], bytes]:
        """Write a message and read the next one; `TimeoutError` at the deadline.

        `EOFError` says that the child is gone, or has to go because it fills the disk.
        """
        view = memoryview(message)
        while view:
            self._wait(self._requests, select.POLLOUT, deadline)
            view = view[os.write(self._requests, view) :]
        return self.receive(deadline)

    def receive(self, deadline: float) -> tuple[dict[str, object], bytes]:
        """Read the next message, as `exchange` does."""
        head_size, size = wire.lengths(self._read(wire.LENGTHS.size, deadline))
        answer = wire.unpack(self._read(head_size, deadline)), self._read(size, deadline)
        self._look()
        return answer

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)
            else:
                os.kill(self._pid, signal.SIGINT)

    def stop(self) -> None:
        """Kill the process and, where it could start others, its group; wait until it is gone; leave nothing."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        if self._group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
        if self._pidfd is not None:
            _ready(self._pidfd, select.POLLIN, _SECONDS)
            os.close(self._pidfd)
        os.close(self._requests)
        os.close(self._replies)
        if self._folder is not None:
            remove(self._folder)

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self._replies, select.POLLIN, deadline)
            piece = os.read(self._replies, min(size - len(data), 1 << 16))
            if not piece:
                raise EOFError("the process ended")
            data += piece
        return bytes(data)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        """Wait for a pipe; look every now and then at what the child has written meanwhile."""
        while self._folder is not None and deadline - time.monotonic() > _LOOK:
            if _ready(descriptor, event, _LOOK):
                return
            self._look()
        if not _ready(descriptor, event, deadline - time.monotonic()):
            raise TimeoutError("no answer in time")

    def _look(self) -> None:
        if self._folder is not None and not fits(self._folder):
            raise EOFError("it filled the disk")


def remove(folder: str) -> None:
    """Remove a folder whatever a student left in it: locked or very deep directories, links."""
    try:
        os.rmdir(folder)
    except FileNotFoundError:
        return
    except OSError:
        for command in (["/bin/chmod", "-R", "u+rwX"], ["/bin/rm", "-rf"]):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)


def fits(folder: str) -> bool:
    """Whether a child's folder holds no more than it may, and nothing that cannot be looked at."""
    folders, files, size = [folder], 0, 0
    while folders:
        try:
            for entry in _entries(folders.pop()):
                files += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if files > _MOST_FILES or size > _MOST_BYTES:
                    return False
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        except FileNotFoundError:  # gone meanwhile
            continue
        except OSError:  # deeper than a path may be long
            return False
    return True


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """At most a few more of a folder's entries than there may be, even where the student locked it."""
    try:
        entries = os.scandir(folder)
    except PermissionError:
        os.chmod(folder, 0o700)
        entries = os.scandir(folder)
    with entries:
        return list(itertools.islice(entries, _MOST_FILES + 1))


def _ready(descriptor: int, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return seconds > 0 and bool(poll.poll(seconds * 1000))
