"""Two notebooks of other names, and the same answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered(), "final.ipynb")
    save(folder, answered(), "final2.ipynb")
