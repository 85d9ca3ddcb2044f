"""A folder with nothing in it."""

from __future__ import annotations

from pathlib import Path


def submit(folder: Path) -> None:
    assert folder.is_dir()
