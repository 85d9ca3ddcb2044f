"""The file was saved in the encoding of Windows."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, as_text, save


def submit(folder: Path) -> None:
    save(
        folder,
        as_text(answered("# Größe − 1 °\n".replace("−", "-") + RIGHT), ensure_ascii=False).encode("cp1252", "replace"),
    )
