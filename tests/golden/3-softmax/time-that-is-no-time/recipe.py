"""The file has words in it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, "yesterday evening", "timestamp.txt")
