"""Nothing was saved."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import save


def submit(folder: Path) -> None:
    save(folder, b"")
