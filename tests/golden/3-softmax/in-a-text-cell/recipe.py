"""The function was typed into a text cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, inserted, released, save, text


def submit(folder: Path) -> None:
    save(folder, inserted(released(), text("My answer:\n\n```python\n" + RIGHT + "\n```"), below="softmax"))
