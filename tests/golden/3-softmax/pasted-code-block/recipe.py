"""The answer was pasted with the marks of a code block around it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered(f"```python\n{RIGHT}\n```"))
