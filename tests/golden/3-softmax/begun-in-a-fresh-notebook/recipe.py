"""The function in a notebook without the assignment."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, code, fresh, save


def submit(folder: Path) -> None:
    save(folder, fresh(code("import numpy as np"), code(RIGHT)))
