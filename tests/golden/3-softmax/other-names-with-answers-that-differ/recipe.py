"""Two notebooks of other names, and no way to choose."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(), "final.ipynb")
    save(folder, answered(WITHOUT_SHIFT), "final2.ipynb")
