"""One run at a time: a lock that ends with its process, however that ends."""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from autograder.errors import AutograderError


class Held(AutograderError):
    """Another run holds the lock; the text says who, and since when."""


@contextmanager
def lock(path: Path, what: str) -> Iterator[None]:
    """Hold a file's lock; `Held` where another process does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held(f"{what} is running already: {_holder(descriptor)}. Wait for it to end, or stop it.") from None
        about = {"user": _user(), "host": platform.node(), "pid": os.getpid(), "since": _now()}
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(about).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    try:
        held = json.loads(os.pread(descriptor, 4096, 0))
        return f"process {held['pid']} of {held['user']} on {held['host']}, since {held['since']}"
    except (ValueError, KeyError):
        return "it has only just begun"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        return f"user {os.getuid()}"


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}"
