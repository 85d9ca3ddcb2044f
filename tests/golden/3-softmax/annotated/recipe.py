"""The function has types."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(RIGHT.replace("(scores, axis=-1)", "(scores: np.ndarray, axis: int = -1) -> np.ndarray")))
