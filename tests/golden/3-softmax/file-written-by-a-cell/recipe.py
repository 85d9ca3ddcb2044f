"""A cell writes the file that the answer imports."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, code, inserted, save

SOURCE = """%%writefile mine.py
import numpy as np


"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered("from mine import softmax"), code(SOURCE + RIGHT), above="softmax"))
