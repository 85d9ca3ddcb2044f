"""The last line is missing."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("    return powers", "    powers")))
