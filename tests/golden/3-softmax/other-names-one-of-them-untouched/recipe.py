"""Two notebooks of other names, one of them as released."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, released, save


def submit(folder: Path) -> None:
    save(folder, answered(), "mine.ipynb")
    save(folder, released(), "original.ipynb")
