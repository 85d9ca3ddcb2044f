"""The function was pasted from a page: its spaces are others."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("    ", "\u00a0" * 4)))
