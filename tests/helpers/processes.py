"""The processes of this machine, as tests look at them."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def descendants(root: int | None = None) -> set[int]:
    """A process, ours if none is named, and all that descend from it; zombies are none."""
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


def dies_with_us() -> list[str]:
    """What to start a server with, so that it ends even where pytest is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
