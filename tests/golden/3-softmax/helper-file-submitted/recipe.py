"""The function is in a file beside the notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("from helper import softmax"))
    save(folder, f"import numpy as np\n\n\n{RIGHT}\n", "helper.py")
