"""The picture is a file beside the notebook."""

from __future__ import annotations

import base64
from pathlib import Path

from tests.golden.recipes import PNG, essays, save


def submit(folder: Path) -> None:
    save(folder, essays(senses="![drawing](drawing.png)"), "6-reflection.ipynb")
    save(folder, base64.b64decode(PNG), "drawing.png")
