"""The function never returns."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """import time


def softmax(scores, axis=-1):
    while True:
        time.sleep(0.1)"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
