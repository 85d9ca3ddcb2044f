"""Who can read and write a course's files: the account that owns them, or a group of graders.

A course folder whose group may write to it and is passed on to new files (mode 2770, with setgid) is shared with that
group. In any other course folder, new files are for their owner only. The umask carries that to every file which our
commands, nbgrader or a database creates. Only the exchange is for others, and nbgrader sets its modes itself.
"""

from __future__ import annotations

import getpass
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SHARED_BITS = stat.S_ISGID | stat.S_IRWXG
_PRIVATE_UMASK, _SHARED_UMASK = 0o077, 0o007


@dataclass(frozen=True)
class FileAccess:
    """The modes of a course's files. ``group`` is the id of the graders' group; None if only the owner grades."""

    group: int | None = None

    @property
    def is_shared(self) -> bool:
        """Whether a group of graders may read and write the files."""
        return self.group is not None

    @property
    def umask(self) -> int:
        """The umask under which these modes come about."""
        return _SHARED_UMASK if self.is_shared else _PRIVATE_UMASK

    @property
    def file_mode(self) -> int:
        """The mode of a file."""
        return 0o660 if self.is_shared else 0o600

    @property
    def folder_mode(self) -> int:
        """The mode of a folder."""
        return 0o2770 if self.is_shared else 0o700


PRIVATE = FileAccess()


def file_access(folder: Path) -> FileAccess:
    """Return who may use the files of a course folder; only their owner if the folder cannot be looked at."""
    try:
        status = folder.stat()
    except OSError:
        return PRIVATE
    return FileAccess(status.st_gid if status.st_mode & _SHARED_BITS == _SHARED_BITS else None)


@contextmanager
def restrict_new_files(access: FileAccess = PRIVATE) -> Iterator[None]:
    """Let no other account use the files that this process creates meanwhile. At the end the umask is as before."""
    previous = os.umask(access.umask)
    try:
        yield
    finally:
        os.umask(previous)


def account_name() -> str:
    """Return the name of the account that this process runs as."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # the user of a container need not have a name
        return f"user {os.getuid()}"
