"""A later cell has a variable with the helper's name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, code, inserted, save

SOURCE = """def shift(x, axis):
    return x - np.max(x, axis=axis, keepdims=True)


"""


def submit(folder: Path) -> None:
    save(
        folder,
        inserted(
            answered(
                SOURCE + RIGHT.replace("scores - np.max(scores, axis=axis, keepdims=True)", "shift(scores, axis)")
            ),
            code("shift = 3"),
            below="check-softmax",
        ),
    )
