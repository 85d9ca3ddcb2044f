""" "Split cell" was pressed in an answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import ESSAYS, essays, save, split


def submit(folder: Path) -> None:
    save(folder, split(essays(), "senses", *ESSAYS["senses"].split(". ", 1)), "6-reflection.ipynb")
