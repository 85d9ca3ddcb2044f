"""JupyterLab left an older version."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import WITHOUT_SHIFT, answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    save(folder, answered(WITHOUT_SHIFT), ".ipynb_checkpoints/3-softmax-checkpoint.ipynb")
