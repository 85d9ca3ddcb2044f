"""A wrong answer: exp overflows."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(WITHOUT_SHIFT))
