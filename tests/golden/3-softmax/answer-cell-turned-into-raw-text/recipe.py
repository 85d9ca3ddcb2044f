"""The answer cell became a raw cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, cell_named, save


def submit(folder: Path) -> None:
    notebook = answered()
    cell_named(notebook, "softmax")["cell_type"] = "raw"
    save(folder, notebook)
