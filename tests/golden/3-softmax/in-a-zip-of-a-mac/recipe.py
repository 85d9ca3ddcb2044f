"""Finder made the archive: with folders, and a second tree of attributes."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save_zip


def submit(folder: Path) -> None:
    attributes = b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"
    files = [("3-softmax/3-softmax.ipynb", answered()), ("__MACOSX/3-softmax/._3-softmax.ipynb", attributes)]
    save_zip(folder, "Archive.zip", files)
