"""A converter dropped all metadata."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save, without_metadata


def submit(folder: Path) -> None:
    save(folder, without_metadata(answered()))
