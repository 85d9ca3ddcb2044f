"""The named notebook and its copy have other answers."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(WITHOUT_SHIFT))
    save(folder, answered(), "3-softmax-Copy1.ipynb")
