"""A tool left cells without metadata."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, each_cell, name_of, save


def submit(folder: Path) -> None:
    save(
        folder,
        each_cell(
            answered(), lambda cell: {key: value for key, value in cell.items() if key != "metadata" or name_of(cell)}
        ),
    )
