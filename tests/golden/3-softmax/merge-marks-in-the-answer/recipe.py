"""git left its marks in the answer cell, and one side is empty."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """<<<<<<< HEAD
=======
    powers ="""


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("    powers =", SOURCE).replace("    return", ">>>>>>> work\n    return")))
