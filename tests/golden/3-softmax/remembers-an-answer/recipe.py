"""The numbers of the example."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered("def softmax(scores, axis=-1):\n    return np.array([0.09003057, 0.24472847, 0.66524096])"))
