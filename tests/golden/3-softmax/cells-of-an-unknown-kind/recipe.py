"""A plug-in has its own kind of cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, inserted, save, text


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), {**text("SELECT 1"), "cell_type": "sql"}))
