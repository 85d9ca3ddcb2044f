"""A small picture was pasted into an answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import PNG, essays, save, with_picture


def submit(folder: Path) -> None:
    save(
        folder, with_picture(essays(), "senses", "a.png", PNG, "See ![drawing](attachment:a.png)"), "6-reflection.ipynb"
    )
