"""The notebook of 1-scores, under the name of this one."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import released, save


def submit(folder: Path) -> None:
    save(folder, released("5-attention"))
