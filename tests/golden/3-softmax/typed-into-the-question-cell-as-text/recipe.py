"""The function stands in the question at the end."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, cell_named, filled, released, save


def submit(folder: Path) -> None:
    save(
        folder,
        filled(released(), **{"question-why": cell_named(released(), "question-why")["source"] + "\n\n" + RIGHT}),
    )
