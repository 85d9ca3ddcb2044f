"""A magic that every tutorial has."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save


def submit(folder: Path) -> None:
    save(
        folder,
        inserted(
            answered(), code('%matplotlib inline\n%config InlineBackend.figure_format = "retina"'), above="softmax"
        ),
    )
