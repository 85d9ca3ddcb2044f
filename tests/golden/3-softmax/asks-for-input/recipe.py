"""A cell waits for the keyboard."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code('name = input("Who are you? ")'), above="softmax"))
