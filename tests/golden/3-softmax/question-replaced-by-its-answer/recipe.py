"""The question is gone, its answer stands there."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        answered(
            RIGHT, question_why="What happens to the weights: nothing, because softmax looks at differences only."
        ),
    )
