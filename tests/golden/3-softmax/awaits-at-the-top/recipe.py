"""Notebooks allow await outside of functions."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save

SOURCE = """import asyncio

await asyncio.sleep(0)


"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE + RIGHT))
