"""The function calls the one in the gap."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import OF_ROW, WITH_OF_ROW, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(WITH_OF_ROW, gap_row=OF_ROW))
