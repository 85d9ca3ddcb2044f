"""Only a printed page."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import save


def submit(folder: Path) -> None:
    save(folder, b"%PDF-1.4\n%%EOF\n", "reflection.pdf")
