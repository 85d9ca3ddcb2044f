"""An answer stands there twice, and the texts differ."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import copied, essays, save


def submit(folder: Path) -> None:
    save(folder, copied(essays(), "senses", "Plant: a factory. Plant: a tree."), "6-reflection.ipynb")
