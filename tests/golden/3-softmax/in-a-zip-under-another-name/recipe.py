"""The archive holds a notebook of another name."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save_zip


def submit(folder: Path) -> None:
    save_zip(folder, "homework.zip", [("softmax novak.ipynb", answered())])
