"""An editor left its backups."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, answered(WITHOUT_SHIFT), "3-softmax.ipynb~")
    save(folder, b"b0VIM 9.0", ".3-softmax.ipynb.swp")
