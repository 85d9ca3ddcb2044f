"""The lesson asks for this: a broken copy in the scratch cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, cell_with, save


def submit(folder: Path) -> None:
    notebook = answered()
    cell_with(notebook, "# Scratch")["source"] = WITHOUT_SHIFT + "\n\ncheck(softmax)"
    save(folder, notebook)
