""" "Split cell" was pressed inside of a bracket."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, split


def submit(folder: Path) -> None:
    save(
        folder,
        split(answered(), "softmax", *RIGHT.replace("(scores - ", "(\n        scores - ").split("\n        ", 1)),
    )
