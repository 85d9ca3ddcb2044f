"""The answer cell itself quits."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT + "\n\n\nimport os\nos._exit(0)"))
