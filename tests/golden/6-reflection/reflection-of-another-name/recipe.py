"""The notebook has another name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import essays, save


def submit(folder: Path) -> None:
    save(folder, essays(), "Reflection (2).ipynb")
