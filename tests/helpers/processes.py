"""Find and wait for processes of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from tests.helpers.waiting import PATIENCE


def descendants(root: int | None = None) -> set[int]:
    """Return a process (by default this one) and its descendants, without zombies."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    parents[int(entry.name)] = int(parent)
    found = {root or os.getpid()}
    while more := {one for one, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def have_ended(pids: Iterable[int]) -> bool:
    """Wait until processes are gone or zombies; False if one is still there after `PATIENCE` seconds."""
    deadline = time.monotonic() + PATIENCE
    while any(map(_is_running, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def dies_with_us() -> list[str]:
    """Return the options that end a server with pytest, even if pytest is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
