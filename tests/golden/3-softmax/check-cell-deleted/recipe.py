"""The check cell is gone."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save, without


def submit(folder: Path) -> None:
    save(folder, without(answered(), "check-softmax"))
