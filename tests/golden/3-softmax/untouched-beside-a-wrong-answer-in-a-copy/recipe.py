"""The student worked in a copy, and it is wrong."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, released, save


def submit(folder: Path) -> None:
    save(folder, released())
    save(folder, answered(WITHOUT_SHIFT), "3-softmax-Copy1.ipynb")
