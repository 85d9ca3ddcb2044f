"""The import is in a cell by itself."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, split


def submit(folder: Path) -> None:
    save(folder, split(answered(), "softmax", "import math", RIGHT))
