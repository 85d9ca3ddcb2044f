"""The helper and the function are in two cells."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, split


def submit(folder: Path) -> None:
    save(
        folder, split(answered(), "softmax", "def power(x):\n    return np.exp(x)", RIGHT.replace("np.exp(", "power("))
    )
