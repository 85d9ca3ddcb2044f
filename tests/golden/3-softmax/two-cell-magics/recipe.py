"""Two magics above the answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("%%capture\n%%time\n" + RIGHT))
