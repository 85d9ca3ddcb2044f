"""A pipe beside the answer."""

from __future__ import annotations

import os
from pathlib import Path

from tests.golden.recipes import answered, save


def submit(folder: Path) -> None:
    save(folder, answered())
    os.mkfifo(folder / "data.csv")
