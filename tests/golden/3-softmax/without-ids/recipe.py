"""An older JupyterLab saved it."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, save, without_ids


def submit(folder: Path) -> None:
    save(folder, without_ids(answered()))
