"""Let every grader of a shared course write to a gradebook that is new.

SQLite gives a new file mode 644 at most, whatever the umask allows. The files of its journal get the database's mode.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Pool, event

from autograder.course.file_access import file_access


def install() -> None:
    """Share each new SQLite file that SQLAlchemy creates in a shared folder. Calling this again changes nothing."""
    if not event.contains(Pool, "connect", _share_new_database):
        event.listen(Pool, "connect", _share_new_database)


def _share_new_database(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    for _, _, name in connection.execute("PRAGMA database_list").fetchall():
        access = file_access(Path(name).parent) if name else None
        # What has a content was made by somebody else, who decides about it.
        if access and access.is_shared and os.stat(name).st_size == 0:
            with contextlib.suppress(PermissionError):
                os.chmod(name, access.file_mode)
