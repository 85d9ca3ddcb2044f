"""The file has other line ends."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, as_text, save


def submit(folder: Path) -> None:
    save(folder, as_text(answered()).replace("\n", "\r\n").encode())
