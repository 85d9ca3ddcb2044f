"""The answer is a picture and no word."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import PNG, essays, save, with_picture


def submit(folder: Path) -> None:
    save(folder, with_picture(essays(), "senses", "a.png", PNG, "![](attachment:a.png)"), "6-reflection.ipynb")
