"""The number of the format is text."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, {**answered(), "nbformat": "4", "nbformat_minor": "5"})
