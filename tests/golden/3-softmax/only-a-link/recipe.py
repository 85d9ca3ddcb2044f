"""The name leads to another file."""

from __future__ import annotations

from pathlib import Path


def submit(folder: Path) -> None:
    (folder / "3-softmax.ipynb").symlink_to("/etc/hostname")
