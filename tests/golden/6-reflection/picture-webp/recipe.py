"""A picture from the web."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WEBP, essays, save, with_picture


def submit(folder: Path) -> None:
    save(folder, with_picture(essays(), "senses", "a.webp", WEBP, "![web](attachment:a.webp)"), "6-reflection.ipynb")
