"""A blank cell stands between the two parts."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, split


def submit(folder: Path) -> None:
    save(folder, split(answered(), "softmax", RIGHT.split("\n", 1)[0], "", RIGHT.split("\n", 1)[1]))
