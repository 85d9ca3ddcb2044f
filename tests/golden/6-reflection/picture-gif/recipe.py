"""A moving picture."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import GIF, essays, save, with_picture


def submit(folder: Path) -> None:
    save(folder, with_picture(essays(), "senses", "a.gif", GIF, "![moving](attachment:a.gif)"), "6-reflection.ipynb")
