"""An import that nothing uses."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("from tqdm import tqdm\n\n\n" + RIGHT))
