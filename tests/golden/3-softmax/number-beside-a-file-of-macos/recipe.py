"""macOS wrote a file with attributes beside the notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered(), "3-softmax (1).ipynb")
    save(folder, b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "._3-softmax (1).ipynb")
