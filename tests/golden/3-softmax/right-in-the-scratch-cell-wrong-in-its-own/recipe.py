"""A better version in the scratch cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, WITHOUT_SHIFT, answered, cell_with, save


def submit(folder: Path) -> None:
    notebook = answered(WITHOUT_SHIFT)
    cell_with(notebook, "# Scratch")["source"] = RIGHT
    save(folder, notebook)
