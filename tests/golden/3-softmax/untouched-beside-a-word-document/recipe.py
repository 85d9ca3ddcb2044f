"""The notebook is untouched, the work may be in the document."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, released, save, save_zip


def submit(folder: Path) -> None:
    save(folder, released())
    save_zip(folder, "my answer.docx", [("word/document.xml", f"<w:t>{RIGHT}</w:t>")])
