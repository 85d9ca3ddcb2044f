"""A tool dropped nbgrader's data."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, each_cell, save


def submit(folder: Path) -> None:
    save(
        folder,
        each_cell(
            answered(),
            lambda cell: {
                **cell,
                "metadata": {key: value for key, value in cell["metadata"].items() if key != "nbgrader"},
            },
        ),
    )
