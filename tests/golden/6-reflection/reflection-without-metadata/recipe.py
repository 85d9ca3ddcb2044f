"""A converter dropped the names of all cells."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import essays, save, without_metadata


def submit(folder: Path) -> None:
    save(folder, without_metadata(essays()), "6-reflection.ipynb")
