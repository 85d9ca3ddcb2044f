"""An answer became a code cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import cell_named, essays, save


def submit(folder: Path) -> None:
    notebook = essays()
    cell_named(notebook, "senses").update(cell_type="code", outputs=[], execution_count=None)
    save(folder, notebook, "6-reflection.ipynb")
