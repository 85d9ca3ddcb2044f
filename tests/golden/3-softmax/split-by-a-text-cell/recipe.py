"""A text cell stands between the two parts."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, code, inserted, save, text


def submit(folder: Path) -> None:
    head, rest = RIGHT.split("\n", 1)
    save(folder, inserted(answered(head), text("Now the body:"), code(rest), below="softmax"))
