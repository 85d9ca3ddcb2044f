"""The answer stands in the gap, the stub is untouched."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, filled, released, save


def submit(folder: Path) -> None:
    save(folder, filled(released(), **{"gap-row": RIGHT}))
