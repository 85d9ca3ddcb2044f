"""A clock of a machine was wrong."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "2199-01-01 00:00:00 UTC", "timestamp.txt")
