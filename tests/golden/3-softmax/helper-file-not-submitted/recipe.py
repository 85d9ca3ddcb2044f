"""The function is in a file that is not there."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered("from helper import softmax"))
