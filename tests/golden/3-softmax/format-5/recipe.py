"""A notebook that says it is in a format of the future."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, {**answered(), "nbformat": 5, "nbformat_minor": 0})
