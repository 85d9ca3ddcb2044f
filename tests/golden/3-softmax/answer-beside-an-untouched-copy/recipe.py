"""The copy is the release as it was."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, released, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, released(), "3-softmax original.ipynb")
