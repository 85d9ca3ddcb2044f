"""A pipe, which whoever opens it waits for."""

from __future__ import annotations

import os
from pathlib import Path


def submit(folder: Path) -> None:
    os.mkfifo(folder / "3-softmax.ipynb")
