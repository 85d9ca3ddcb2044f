"""The notebook of 3-softmax, under the name of this one."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered(), "6-reflection.ipynb")
