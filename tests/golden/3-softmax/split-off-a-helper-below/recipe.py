"""The helper is in the cell below."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save, split


def submit(folder: Path) -> None:
    save(
        folder, split(answered(), "softmax", RIGHT.replace("np.exp(", "power("), "def power(x):\n    return np.exp(x)")
    )
