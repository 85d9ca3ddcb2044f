"""The notebook is untouched, the answers are in a document."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import ESSAYS, released, save, save_zip


def submit(folder: Path) -> None:
    save(folder, released("6-reflection"), "6-reflection.ipynb")
    save_zip(folder, "Reflection.docx", [("word/document.xml", ESSAYS["senses"])])
