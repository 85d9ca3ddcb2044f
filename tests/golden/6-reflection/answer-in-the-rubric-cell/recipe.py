"""One answer was typed below the table of points."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import ESSAYS, cell_named, filled, released, save


def submit(folder: Path) -> None:
    rubric = cell_named(released("6-reflection"), "rubric-senses")["source"]
    notebook = filled(released("6-reflection"), **{"rubric-senses": rubric + "\n\n" + ESSAYS["senses"]})
    save(folder, notebook, "6-reflection.ipynb")
