"""The function quits."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """import os


def softmax(scores, axis=-1):
    os._exit(0)"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
