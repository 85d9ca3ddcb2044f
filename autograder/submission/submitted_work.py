"""Tell whether the files that a student submitted are still the same. Links, pipes and devices are never opened."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.submission.submitted_file import MAX_FILE_BYTES, read_regular_file

MAX_ENTRIES = 20_000  # files that are looked at
# nbgrader writes these beside the student's files.
_NOT_WORK = frozenset(("timestamp.txt", "submission_secret.txt"))


@dataclass(frozen=True)
class SubmittedWork:
    """The state of a submitted folder.

    ``fingerprint`` identifies names and contents of its files, ``modified`` is when the newest of them was changed, in
    UTC without a time zone. Neither depends on the time of submission.
    """

    fingerprint: str
    modified: datetime


def read_submitted_work(folder: Path) -> SubmittedWork:
    """Return the state of the folder that a student submitted, whatever is in it."""
    digest, newest = hashlib.sha256(), 0.0
    for path in _files(folder):
        try:
            status = path.lstat()
        except OSError:
            continue
        content = read_regular_file(path, MAX_FILE_BYTES)
        name = os.fsencode(path.relative_to(folder))
        digest.update(b"%d %b %d\n" % (len(name), name, status.st_size))
        digest.update(b"?" if content is None else content)
        newest = max(newest, status.st_mtime)
    return SubmittedWork(digest.hexdigest(), datetime.fromtimestamp(newest, UTC).replace(tzinfo=None))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder in a fixed order, except hidden ones, which file managers write."""
    count = 0
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > MAX_ENTRIES:
                return
            if not name.startswith(".") and name not in _NOT_WORK:
                yield Path(parent, name)
