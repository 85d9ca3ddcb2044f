"""A helper and the answer are in added cells."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import code, inserted, released, save

SOURCE = """def softmax(scores, axis=-1):
    powers = shifted(scores, axis)
    return powers / powers.sum(axis=axis, keepdims=True)"""


def submit(folder: Path) -> None:
    save(
        folder,
        inserted(
            released(),
            code("def shifted(x, axis):\n    return np.exp(x - np.max(x, axis=axis, keepdims=True))"),
            code(SOURCE),
            above="softmax",
        ),
    )
