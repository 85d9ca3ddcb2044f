"""The function is a lambda."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """power = lambda x, axis: np.exp(x - np.max(x, axis=axis, keepdims=True))


softmax = lambda x, axis=-1: power(x, axis) / power(x, axis).sum(axis, keepdims=True)"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
