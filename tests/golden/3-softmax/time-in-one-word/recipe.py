"""The time as the web writes it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "2027-04-20T10:00:00Z", "timestamp.txt")
