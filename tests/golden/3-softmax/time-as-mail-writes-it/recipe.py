"""The time as mail programs write it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "Tue, 20 Apr 2027 12:00:00 +0200", "timestamp.txt")
