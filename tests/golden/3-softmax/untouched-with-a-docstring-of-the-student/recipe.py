"""A comment is all that was added."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save

SOURCE = """def softmax(scores, axis=-1):
    # I do not know how to begin.
    raise NotImplementedError()"""


def submit(folder: Path) -> None:
    save(folder, answered(SOURCE))
