"""The function is in a new cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, code, inserted, released, save, without


def submit(folder: Path) -> None:
    save(folder, inserted(without(released(), "softmax"), code(RIGHT), above="check-softmax"))
