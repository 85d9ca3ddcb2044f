"""Notebooks allow await outside of functions."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code("import asyncio\nawait asyncio.sleep(0)"), below="check-softmax"))
