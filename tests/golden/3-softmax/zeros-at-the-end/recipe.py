"""A crash left zeros at the end."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, as_text, save


def submit(folder: Path) -> None:
    save(folder, as_text(answered()).encode() + b"\0" * 512)
