"""Three answers, one is untouched."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import essays, save


def submit(folder: Path) -> None:
    save(folder, essays(senses="YOUR ANSWER HERE"), "6-reflection.ipynb")
