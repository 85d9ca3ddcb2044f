"""A right version below the wrong answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, WITHOUT_SHIFT, answered, code, inserted, save


def submit(folder: Path) -> None:
    save(folder, inserted(answered(WITHOUT_SHIFT), code(RIGHT), below="softmax"))
