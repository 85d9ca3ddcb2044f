"""Colab offers this cell."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import answered, code, inserted, save

SOURCE = """from google.colab import drive
drive.mount("/content/drive")
%cd /content/drive/MyDrive"""


def submit(folder: Path) -> None:
    save(folder, inserted(answered(), code(SOURCE), above="softmax"))
