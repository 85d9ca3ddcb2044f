"""The function comes from IPython."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("In [3]: " + RIGHT.replace("\n", "\n   ...: ")))
