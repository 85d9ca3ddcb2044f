"""A page in a cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("%%html\n<b>softmax</b>"), below="check-softmax"))
