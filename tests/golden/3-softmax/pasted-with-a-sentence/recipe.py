"""A sentence was pasted with the answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(f"Here is a stable softmax:\n\n{RIGHT}"))
