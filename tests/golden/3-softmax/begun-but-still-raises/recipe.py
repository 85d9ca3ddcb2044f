"""Work above the line that raises."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """def softmax(scores, axis=-1):
    powers = np.exp(scores)
    raise NotImplementedError()"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
