"""A notebook without cells."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import fresh, save


def submit(folder: Path) -> None:
    save(folder, fresh())
