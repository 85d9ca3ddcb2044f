"""Only the gap of the lesson is filled."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import OF_ROW, filled, released, save


def submit(folder: Path) -> None:
    save(folder, filled(released(), **{"gap-row": OF_ROW}))
