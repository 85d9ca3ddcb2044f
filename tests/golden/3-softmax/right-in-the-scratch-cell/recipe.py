"""The answer is in the scratch cell, the stub is untouched."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, cell_with, released, save


def submit(folder: Path) -> None:
    notebook = released()
    cell_with(notebook, "# Scratch")["source"] = RIGHT
    save(folder, notebook)
