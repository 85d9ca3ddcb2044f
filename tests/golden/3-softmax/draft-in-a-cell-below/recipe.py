"""A wrong draft below the right answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(WITHOUT_SHIFT), below="softmax"))
