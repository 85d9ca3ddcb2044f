"""A text file under the name of the notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import save


def submit(folder: Path) -> None:
    save(folder, "Dear instructor, my notebook does not open.")
