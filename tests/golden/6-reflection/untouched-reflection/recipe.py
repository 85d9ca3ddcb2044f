"""The release as it was."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import released, save


def submit(folder: Path) -> None:
    save(folder, released("6-reflection"), "6-reflection.ipynb")
