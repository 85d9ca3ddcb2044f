"""The folder holds a notebook of another name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered(), "work/my answer.ipynb")
