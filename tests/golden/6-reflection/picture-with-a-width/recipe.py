"""A pasted picture was made smaller."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import PNG, essays, save, with_picture


def submit(folder: Path) -> None:
    save(
        folder,
        with_picture(essays(), "senses", "a.png", PNG, '<img src="attachment:a.png" width="200">'),
        "6-reflection.ipynb",
    )
