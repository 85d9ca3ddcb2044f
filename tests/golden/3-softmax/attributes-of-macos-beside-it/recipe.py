"""macOS wrote files with attributes beside the notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "._3-softmax.ipynb")
    save(folder, b"\x00\x05\x16\x07", "__MACOSX/._3-softmax.ipynb")
    save(folder, b"\x00", ".DS_Store")
