"""The notebook of 1-scores, under its own name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import released, save


def submit(folder: Path) -> None:
    save(folder, released("1-scores"), "1-scores.ipynb")
