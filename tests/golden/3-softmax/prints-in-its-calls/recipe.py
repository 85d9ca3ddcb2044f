"""The function prints while it works."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("    return", "    print('powers', powers)\n    return")))
