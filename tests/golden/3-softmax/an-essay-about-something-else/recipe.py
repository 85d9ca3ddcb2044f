"""A notebook that has nothing to do with the course."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import code, fresh, save, text


def submit(folder: Path) -> None:
    save(folder, fresh(text("# Data science"), code("print(1)")))
