"""An experiment that fails."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("1 / 0"), above="softmax"))
