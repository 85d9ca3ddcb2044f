"""The time as PostgreSQL writes it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "2027-04-20 12:00:00+02", "timestamp.txt")
