""" "Merge cells": the cell is code below the text of the lesson."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import RIGHT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered("# ## Write it\n\n" + RIGHT))
