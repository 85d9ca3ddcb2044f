"""The answer cell fails before the function."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("first = nothing[0]\n\n\n" + RIGHT))
