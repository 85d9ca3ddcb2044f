"""The line that is timed is needed."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("%time base = np.exp\n" + RIGHT.replace("np.exp", "base")))
