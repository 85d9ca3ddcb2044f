"""The answer cell itself never ends."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """


import time
while True:
    time.sleep(0.1)"""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT + SOURCE))
