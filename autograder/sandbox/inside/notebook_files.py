"""The files beside a notebook: those that the host gave, and those that cells wrote."""

from __future__ import annotations

import os
from pathlib import Path

# Size and time of the last change: what tells that a file is another than before.
FileState = tuple[int, int]


def write_files(folder: Path, entries: list[tuple[str, int]], payload: bytes) -> None:
    """Write the files whose names and sizes are ``entries``, one after the other in the payload."""
    start = 0
    for name, size in entries:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(payload[start : start + size])
        start += size


def file_states(folder: Path) -> dict[str, FileState]:
    """Return the state of each regular file below a folder, by relative name."""
    states = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if os.path.isfile(path) and not os.path.islink(path):
                stat = os.stat(path)
                states[os.path.relpath(path, folder)] = (stat.st_size, stat.st_mtime_ns)
    return states


def read_changed(
    folder: Path, before: dict[str, FileState], max_files: int, max_bytes: int
) -> tuple[list[tuple[str, int]], bytes]:
    """Return names and sizes of the files that are new or changed, as many as fit, and their contents as one."""
    entries: list[tuple[str, int]] = []
    payload = bytearray()
    for name, state in sorted(file_states(folder).items()):
        fits = len(entries) < max_files and len(payload) + state[0] <= max_bytes
        if fits and state != before.get(name) and "__pycache__" not in name:
            content = (folder / name).read_bytes()
            entries.append((name, len(content)))
            payload += content
    return entries, bytes(payload)
