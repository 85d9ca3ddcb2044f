"""The answer cell never reaches the function."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(f"while True:\n    pass\n\n\n{RIGHT}"))
