"""The function is a lambda."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(
        folder,
        answered(
            "power = lambda x, axis: np.exp(x - np.max(x, axis=axis, keepdims=True))\nsoftmax = lambda x, axis=-1: power(x, axis) / power(x, axis).sum(axis=axis, keepdims=True)"
        ),
    )
