"""Two copies with other answers."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, released, save


def submit(folder: Path) -> None:
    save(folder, released())
    save(folder, answered(), "3-softmax-Copy1.ipynb")
    save(folder, answered(WITHOUT_SHIFT), "3-softmax-Copy2.ipynb")
