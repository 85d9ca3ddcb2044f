"""The function is timed."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """

%timeit -n 10 softmax(np.ones(3))"""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT + SOURCE))
