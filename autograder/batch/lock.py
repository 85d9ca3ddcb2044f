"""Locks that let only one run grade an assignment at a time, and end with their process however that ends.

The lock of a file holds in one course directory; the lock of a database server, for everybody who uses that gradebook.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text

from autograder.course.file_access import account_name, file_access
from autograder.errors import AutograderError

MAX_APPLICATION_NAME = 60  # PostgreSQL cuts it off after 63 bytes


class LockedError(AutograderError):
    """Raised if another run holds the lock; the text says whose it is, and since when."""

    def __init__(self, command: str, holder: str) -> None:
        super().__init__(f"{command} is running already: {holder}. Wait for it to end, or stop it.")


def run_lock(root: Path, assignment: str, command: str) -> AbstractContextManager[None]:
    """Return the lock of a course directory that only one run on an assignment holds at a time."""
    return file_lock(root / f".autograder-{assignment}.lock", command)


@contextmanager
def file_lock(path: Path, command: str) -> Iterator[None]:
    """Hold the lock of a file for ``command``. Raises `LockedError` if another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, file_access(path.parent).file_mode)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(command, _read_holder(descriptor)) from None
        _write_holder(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def server_lock(engine: Engine, command: str) -> Iterator[None]:
    """Hold a lock on a PostgreSQL server for ``command``; on other databases do nothing.

    Raises `LockedError` if another session holds it.
    """
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        key = int.from_bytes(hashlib.sha256(command.encode()).digest()[:4], "big") >> 1
        name = f"{account_name()} on {platform.node()}"[:MAX_APPLICATION_NAME]
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            query = text(
                "SELECT application_name, backend_start FROM pg_stat_activity JOIN pg_locks USING (pid) "
                "WHERE locktype = 'advisory' AND objid = :key AND granted"
            )
            for holder, since in connection.execute(query, {"key": key}):
                raise LockedError(command, f"{holder}, since {since:%Y-%m-%d %H:%M:%S %Z}")
            raise LockedError(command, "it is about to end")
        yield


def _write_holder(descriptor: int) -> None:
    now = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}"
    holder = {"user": account_name(), "host": platform.node(), "pid": os.getpid(), "since": now}
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _read_holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        return f"process {holder['pid']} of {holder['user']} on {holder['host']}, since {holder['since']}"
    except (ValueError, KeyError):
        return "it has only just begun"
