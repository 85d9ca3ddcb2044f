"""The answer stands below the import."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, cell_with, released, save


def submit(folder: Path) -> None:
    notebook = released()
    cell_with(notebook, "import numpy as np")["source"] += "\n\n\n" + RIGHT
    save(folder, notebook)
