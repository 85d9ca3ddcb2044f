"""A package that is used only where it is there."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """try:
    import cupy as xp
except ImportError:
    import numpy as xp


"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE + RIGHT.replace("np.", "xp.")))
