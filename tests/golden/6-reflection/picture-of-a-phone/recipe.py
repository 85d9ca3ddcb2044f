"""A photo of two megabytes."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

from PIL import Image

from tests.golden.recipes import essays, save, with_picture


def submit(folder: Path) -> None:
    photo = io.BytesIO()
    Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3)).save(photo, "JPEG", quality=85)
    data = base64.b64encode(photo.getvalue()).decode()
    notebook = with_picture(essays(), "senses", "IMG.jpg", data, "My drawing: ![photo](attachment:IMG.jpg)")
    save(folder, notebook, "6-reflection.ipynb")
