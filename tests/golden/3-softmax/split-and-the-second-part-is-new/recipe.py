"""The second part is a cell without metadata."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(RIGHT.split("\n", 1)[0]), code(RIGHT.split("\n", 1)[1]), below="softmax"))
