"""One run at a time: locks that end with their process, however that ends.

A file's lock holds in one course directory; on a server, the database's holds for all who use that gradebook.
"""

from __future__ import annotations

import fcntl
import getpass
import hashlib
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text

from autograder.errors import AutograderError

_RUNNING = "{} is running already: {}. Wait for it to end, or stop it."


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
            raise Held(_RUNNING.format(what, _holder(descriptor))) from None
        about = {"user": _user(), "host": platform.node(), "pid": os.getpid(), "since": _now()}
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(about).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def server_lock(engine: Engine, what: str) -> Iterator[None]:
    """Hold a lock of a PostgreSQL server's; `Held` where another session does. Other databases have none."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect() as connection:
        key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big") >> 1
        name = f"{_user()} on {platform.node()}"[:60]
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}):
            query = text(
                "SELECT application_name, backend_start FROM pg_stat_activity JOIN pg_locks USING (pid) "
                "WHERE locktype = 'advisory' AND objid = :key AND granted"
            )
            for who, since in connection.execute(query, {"key": key}):
                raise Held(_RUNNING.format(what, f"{who}, since {since:%Y-%m-%d %H:%M:%S %Z}"))
            raise Held(_RUNNING.format(what, "it is about to end"))
        yield


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
