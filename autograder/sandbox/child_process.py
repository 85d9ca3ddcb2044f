"""The host's handle on a student's process: its pipes, its deadline, the disk space that it uses, and its end."""

from __future__ import annotations

import contextlib
import itertools
import os
import select
import signal
import subprocess
import time

from autograder.sandbox.inside import wire

_KILL_SECONDS = 20.0  # for a killed process to be gone
_DISK_CHECK_SECONDS = 0.1  # between two checks of what a process has written
# A file system of level full holds the same number of bytes.
MAX_DISK_BYTES, MAX_DISK_FILES = 64 << 20, 1024


class ChildProcess:
    """A student's process, and the two pipes to it.

    ``folder`` is where the process may write, if the host has to check its size and to remove it. ``has_group`` says
    that the process could start others, which are in its process group.
    """

    def __init__(
        self, pid: int, pidfd: int | None, requests: int, replies: int, folder: str | None, *, has_group: bool = False
    ) -> None:
        self._pid, self._pidfd, self._folder, self._has_group = pid, pidfd, folder, has_group
        self._requests, self._replies = requests, replies

    def exchange(self, message: bytes, deadline: float) -> tuple[dict[str, object], bytes]:
        """Write a message and return the header and payload of the reply.

        Raises `TimeoutError` at the deadline, `wire.ProtocolError` if the reply is malformed, and `EOFError` or
        `BrokenPipeError` if the process is gone or has filled the disk.
        """
        view = memoryview(message)
        while view:
            self._wait(self._requests, select.POLLOUT, deadline)
            view = view[os.write(self._requests, view) :]
        return self.receive(deadline)

    def receive(self, deadline: float) -> tuple[dict[str, object], bytes]:
        """Return the next message; raises what `exchange` raises."""
        header_size, payload_size = wire.parse_sizes(self._read(wire.SIZES.size, deadline))
        header = wire.parse_object(self._read(header_size, deadline))
        payload = self._read(payload_size, deadline)
        self._check_disk()
        return header, payload

    def interrupt(self) -> None:
        """Send the signal of Ctrl-C."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGINT)
            else:
                os.kill(self._pid, signal.SIGINT)

    def stop(self) -> None:
        """Kill the process and its group, wait until it is gone, and remove its folder."""
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        if self._has_group:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._pid, signal.SIGKILL)
        if self._pidfd is not None:
            _is_ready(self._pidfd, select.POLLIN, _KILL_SECONDS)
            os.close(self._pidfd)
        os.close(self._requests)
        os.close(self._replies)
        if self._folder is not None:
            remove_folder(self._folder)

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            self._wait(self._replies, select.POLLIN, deadline)
            chunk = os.read(self._replies, min(size - len(data), 1 << 16))
            if not chunk:
                raise EOFError("the student's process ended")
            data += chunk
        return bytes(data)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        """Wait for a pipe, and check now and then what the process has written to its folder."""
        while self._folder is not None and deadline - time.monotonic() > _DISK_CHECK_SECONDS:
            if _is_ready(descriptor, event, _DISK_CHECK_SECONDS):
                return
            self._check_disk()
        if not _is_ready(descriptor, event, deadline - time.monotonic()):
            raise TimeoutError("no reply before the deadline")

    def _check_disk(self) -> None:
        if self._folder is not None and not fits_limits(self._folder):
            raise EOFError("the student's process filled the disk")


def remove_folder(folder: str) -> None:
    """Remove a folder whatever a student left in it: locked or very deep directories, links."""
    try:
        os.rmdir(folder)
    except FileNotFoundError:
        return
    except OSError:
        for command in (["/bin/chmod", "-R", "u+rwX"], ["/bin/rm", "-rf"]):
            subprocess.run([*command, "--", folder], stderr=subprocess.DEVNULL, check=False)


def fits_limits(folder: str) -> bool:
    """Whether a folder holds at most MAX_DISK_FILES and MAX_DISK_BYTES, all in places that can be examined."""
    folders, files, size = [folder], 0, 0
    while folders:
        try:
            for entry in _entries(folders.pop()):
                files += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if files > MAX_DISK_FILES or size > MAX_DISK_BYTES:
                    return False
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        except FileNotFoundError:
            # The process removed it meanwhile.
            continue
        except OSError:
            # Its path is longer than the system allows.
            return False
    return True


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """List a folder, even one that the student locked, up to one entry more than is allowed."""
    try:
        entries = os.scandir(folder)
    except PermissionError:
        os.chmod(folder, 0o700)
        entries = os.scandir(folder)
    with entries:
        return list(itertools.islice(entries, MAX_DISK_FILES + 1))


def _is_ready(descriptor: int, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return seconds > 0 and bool(poll.poll(seconds * 1000))
