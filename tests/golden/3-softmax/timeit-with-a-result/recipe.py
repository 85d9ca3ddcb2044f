"""The function is timed, and the time is kept."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """

spent = %timeit -o -q softmax(np.ones(3))"""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT + SOURCE))
