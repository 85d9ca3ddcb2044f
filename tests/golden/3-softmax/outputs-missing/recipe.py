"""A tool left code cells without outputs."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, each_cell, save


def submit(folder: Path) -> None:
    save(
        folder,
        each_cell(
            answered(),
            lambda cell: {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")},
        ),
    )
