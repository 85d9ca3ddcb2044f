"""The answer cell fails after the function."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """


softmax(np.ones(3), axis=7)"""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT + SOURCE))
