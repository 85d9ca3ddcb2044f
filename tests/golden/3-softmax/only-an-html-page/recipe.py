""" "Save and Export Notebook As: HTML"."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, save


def submit(folder: Path) -> None:
    save(folder, f"<html><body><pre>{RIGHT}</pre></body></html>", "3-softmax.html")
