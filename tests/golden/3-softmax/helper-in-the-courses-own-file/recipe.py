"""A helper was added to plots.py, which belongs to the course."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("from plots import stable\n\n\n" + RIGHT.replace("np.exp", "stable")))
    save(folder, "import numpy as np\n\n\nstable = np.exp\n", "plots.py")
