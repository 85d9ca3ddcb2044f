"""The notebook is in an archive."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save_zip


def submit(folder: Path) -> None:
    save_zip(folder, "3-softmax.zip", [("3-softmax.ipynb", answered())])
