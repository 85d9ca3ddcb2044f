"""The file was saved as UTF-16."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, as_text, save


def submit(folder: Path) -> None:
    save(folder, as_text(answered()).encode("utf-16-le"))
