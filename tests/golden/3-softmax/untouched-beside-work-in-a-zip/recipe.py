"""The archive has the work, the notebook beside it is untouched."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, released, save, save_zip


def submit(folder: Path) -> None:
    save(folder, released())
    save_zip(folder, "my work.zip", [("3-softmax.ipynb", answered())])
