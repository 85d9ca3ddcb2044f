"""The placeholder was kept above the answer."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import ESSAYS, essays, save


def submit(folder: Path) -> None:
    save(folder, essays(senses="YOUR ANSWER HERE\n\n" + ESSAYS["senses"]), "6-reflection.ipynb")
