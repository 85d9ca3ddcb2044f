"""A package is installed."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("%pip install --quiet numpy"), above="softmax"))
