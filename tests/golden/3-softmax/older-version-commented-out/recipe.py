"""The older version is still there as a comment."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("# " + WITHOUT_SHIFT.replace("\n", "\n# ") + "\n\n\n" + RIGHT))
