"""The instructor changed the points after the release."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, cell_named, save


def submit(folder: Path) -> None:
    notebook = answered()
    cell_named(notebook, "check-softmax")["metadata"]["nbgrader"]["points"] = 12
    save(folder, notebook)
