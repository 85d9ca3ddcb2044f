"""A cell of the student never ends."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import code, essays, inserted, save

SOURCE = """import time
while True:
    time.sleep(0.1)"""


def submit(folder: Path) -> None:
    save(folder, inserted(essays(), code(SOURCE)), "6-reflection.ipynb")
