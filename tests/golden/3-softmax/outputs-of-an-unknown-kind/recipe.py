"""A plug-in wrote its own kind of output."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, each_cell, save


def submit(folder: Path) -> None:
    save(
        folder,
        each_cell(
            answered(),
            lambda cell: (
                {**cell, "outputs": [{"output_type": "widget", "value": 3}]} if cell["cell_type"] == "code" else cell
            ),
        ),
    )
