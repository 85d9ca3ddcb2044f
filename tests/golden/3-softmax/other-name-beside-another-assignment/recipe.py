"""A notebook of another name beside that of another assignment."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, released, save


def submit(folder: Path) -> None:
    save(folder, answered(), "mine.ipynb")
    save(folder, released("1-scores"), "1-scores.ipynb")
