"""The picture was not pasted, only its name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import essays, save


def submit(folder: Path) -> None:
    save(folder, essays(senses="![drawing](C:/Users/ann/drawing.png)"), "6-reflection.ipynb")
