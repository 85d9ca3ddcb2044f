"""The notebook is untouched, the function is in a file."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, released, save


def submit(folder: Path) -> None:
    save(folder, released())
    save(folder, f"import numpy as np\n\n\n{RIGHT}\n", "softmax.py")
