"""The scores are changed in place."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        answered(
            RIGHT.replace("powers = np.exp(scores - np", "scores -= np").replace(
                "keepdims=True))", "keepdims=True)\n    powers = np.exp(scores)"
            )
        ),
    )
