"""The function calls another package's."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """from scipy.special import softmax as theirs


def softmax(scores, axis=-1):
    return theirs(scores, axis=axis)"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
